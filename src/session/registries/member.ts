// The URL of a registry in, what a policy calls it (`host:port`) and what an agent may know of it out: nothing secret.

const SCHEMES: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * `https://user:password@Registry.Example/path` is `registry.example:443`; cargo's `sparse+https://…` counts as `https://…`.
 * Undefined for what is reached without HTTP, or is no URL.
 */
export function registryMember(text: string): string | undefined {
  const url = text.trim().replace(/^(sparse|registry)\+/, '');
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const standard = Object.hasOwn(SCHEMES, protocol) ? SCHEMES[protocol] : undefined;
  const host = hostname.replace(/\.$/, '');
  // A name from configuration must not be a pattern: `*.example` would be one to a policy.
  if (standard === undefined || !/^(\[[0-9a-f:]+\]|[a-z0-9_.-]+)$/.test(host)) return undefined;
  return `${host}:${port === '' ? standard : port}`;
}

/** The members of several URLs, each once. */
export function registryMembers(urls: readonly string[]): readonly string[] {
  return [...new Set(urls.flatMap((url) => registryMember(url) ?? []))];
}

/** The URL without credentials; undefined for one of another scheme than http and https. */
export function withoutCredentials(text: string): string | undefined {
  if (registryMember(text) === undefined || !URL.canParse(text)) return undefined;
  // Not the query either: some servers take a token there.
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname}`;
}
