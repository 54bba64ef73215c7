// Placeholders of tokens in, the variables out by which git in the sandbox offers them to their hosts. Source: git-config(1), gitcredentials(7).
import type { HostPattern } from '../../proxy/secrets/binding.ts';

export interface GitCredential {
  readonly user: string;
  readonly placeholder: string;
  readonly hosts: readonly HostPattern[];
}

type Env = Readonly<Record<string, string | undefined>>;

function sectionOf({ name, port, allowPlaintext }: HostPattern): string {
  const scheme = allowPlaintext === true && port !== 443 ? 'http' : 'https';
  const usual = scheme === 'http' ? 80 : 443;
  const host = name.includes(':') ? `[${name}]` : name;
  return `credential.${scheme}://${host}${port === usual ? '' : `:${port}`}.helper`;
}

/** An empty helper takes away those of the system's configuration, which would be asked first. */
function settingsOf({ user, placeholder, hosts }: GitCredential): readonly (readonly [string, string])[] {
  // Both hold only characters that a shell takes as they are.
  const helper = `!f() { test "$1" = get && printf 'username=%s\\npassword=%s\\n' ${user} ${placeholder}; }; f`;
  return hosts.flatMap((host) => [
    [sectionOf(host), ''],
    [sectionOf(host), helper],
  ]);
}

/** Added to those that `env` has. */
export function gitVariables(credentials: readonly GitCredential[], env: Env): Readonly<Record<string, string>> {
  const settings = credentials.flatMap(settingsOf);
  if (settings.length === 0) return {};
  const first = /^\d{1,4}$/.test(env['GIT_CONFIG_COUNT'] ?? '') ? Number(env['GIT_CONFIG_COUNT']) : 0;
  const entries = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${first + index}`, key],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ]);
  return Object.fromEntries([...entries, ['GIT_CONFIG_COUNT', String(first + settings.length)]]);
}
