// The environment of leash in, the keys that agents use for their models out, each bound to the servers of its vendor.
import { canonicalHost } from '../../proxy/names/canonical-host.ts';
import type { HostPattern } from '../../proxy/secrets/binding.ts';
import { valueObjection } from '../../proxy/secrets/secret-value.ts';
import { KEY_PROVIDERS } from '../../sandbox/agents/providers.ts';
import type { ConfiguredSecret } from './configured.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The server that a base URL of the user names, with or without TLS as it says. */
function hostOf(url: string | undefined): readonly HostPattern[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { protocol, hostname, port } = new URL(url);
  const name = canonicalHost(hostname);
  if (name === undefined || (protocol !== 'https:' && protocol !== 'http:')) return [];
  const isPlain = protocol === 'http:';
  return [{ name, port: Number(port || (isPlain ? 80 : 443)), ...(isPlain ? { allowPlaintext: true } : {}) }];
}

/** @param passed variables that the user passes on as they are, with `-e` */
export function agentKeys(env: Env, passed: Readonly<Record<string, string>>): readonly ConfiguredSecret[] {
  return Object.entries(KEY_PROVIDERS).flatMap(([variable, { hosts, baseUrls, places }]): ConfiguredSecret[] => {
    const value = env[variable];
    // What cannot be a key (`none`, for a local model) is passed on.
    if (value === undefined || Object.hasOwn(passed, variable) || valueObjection(value) !== undefined) return [];
    const own = hosts.map((name) => ({ name, port: 443 }));
    const all = [...own, ...baseUrls.flatMap((name) => hostOf(passed[name] ?? env[name]))];
    const source = { kind: 'env', variable } as const;
    return [{ name: variable, source, hosts: all, places, mode: 'replace', variable, isAutomatic: true }];
  });
}
