// The words of a brokered credential: what it is called, where it may go, and in which part of a request.
import type { SecretValue } from './secret-value.ts';

/** The part of a request in which a credential stands. */
export type Place =
  /** In a field; `format` has `{}` where the value stands, and is used only when the field is set without being there. */
  | { readonly kind: 'header'; readonly name: string; readonly format: string }
  /** `Authorization: Basic`, as the password (RFC 7617). */
  | { readonly kind: 'basic'; readonly user: string }
  | { readonly kind: 'query'; readonly name: string }
  | { readonly kind: 'cookie'; readonly name: string };

export interface HostPattern {
  /** Canonical name or address, or `*.` and a name: one label or more, never the name itself. */
  readonly name: string;
  readonly port: number;
  /** Whether it may go there over HTTP without TLS, where no certificate says who the server is. */
  readonly allowPlaintext?: boolean;
}

export interface Binding {
  readonly name: string;
  readonly hosts: readonly HostPattern[];
  /** Beginnings of paths; absent: every path. */
  readonly paths?: readonly string[];
  /** Where the placeholder may stand; the first is where the value is put when `mode` is inject. */
  readonly places: readonly Place[];
  /** replace: where the agent put the placeholder; inject: in every request to the hosts. */
  readonly mode: 'replace' | 'inject';
  /** Requests of one session that may carry it. */
  readonly maxUses?: number;
  /** What stands in its place in the sandbox, and in what servers send back. */
  readonly placeholder: string;
  /** The value now; a promise when it has to be fetched. Rejects with a message for a person, without the value. */
  readonly value: () => SecretValue | Promise<SecretValue>;
}

/** The patterns that mean a host; none: a credential has no business there. */
export function patternsFor(patterns: readonly HostPattern[], host: string, port: number): readonly HostPattern[] {
  return patterns.filter((pattern) => {
    if (pattern.port !== port) return false;
    return pattern.name.startsWith('*.') ? host.endsWith(pattern.name.slice(1)) : host === pattern.name;
  });
}

/** `/org/` holds all below it; `/org/repo` itself, `/org/repo/…` and, as forges serve it, `/org/repo.git/…`. */
export function matchesPath(paths: readonly string[] | undefined, path: string): boolean {
  if (paths === undefined) return true;
  return paths.some((prefix) => {
    if (!path.startsWith(prefix)) return false;
    return prefix.endsWith('/') || /^(?:\.git)?(?:\/|$)/.test(path.slice(prefix.length));
  });
}

/** The header a place is in, as `SecretUse` calls it; '' for the query. */
export function headerOf(place: Place): string {
  switch (place.kind) {
    case 'header':
      return place.name;
    case 'basic':
      return 'authorization';
    case 'cookie':
      return 'cookie';
    case 'query':
      return '';
  }
}

export function placeText(place: Place): string {
  switch (place.kind) {
    case 'header':
      return `the header ${place.name}`;
    case 'basic':
      return 'the header authorization (Basic)';
    case 'cookie':
      return `the cookie ${place.name}`;
    case 'query':
      return `the query parameter ${place.name}`;
  }
}
