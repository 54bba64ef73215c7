// The embedding of network peers in Cedar: from a host name, port and address to the groups (`Host::"*.example.com"`) it belongs to.
import { REGISTRY_ROLES, type Registries, registryGroup } from '../facts.ts';
import { formatIp, parseCanonicalAddress, parseIp } from './ip.ts';
import { repositoryAncestors } from './repository-entity.ts';
import { entityKey } from './value.ts';

/** The id of a host or group on one port. */
export function withPort(name: string, port: number): string {
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** `*.b.example`, `*.example` and `*` for `a.b.example`: a wildcard never contains the bare domain. */
export function wildcardsOf(host: string): readonly string[] {
  const wildcards: string[] = [];
  for (let dot = host.indexOf('.'); dot >= 0 && dot < host.length - 1; dot = host.indexOf('.', dot + 1)) {
    wildcards.push(`*${host.slice(dot)}`);
  }
  return [...wildcards, '*'];
}

/** Whether a host can be called so. The agent chooses the names it looks up, and one could be spelt like a group: `*.a.example`, `@registry/npm`. */
export function isPeerName(name: string): boolean {
  return !/[*@]/.test(name);
}

/** The `@registry/…` groups of a host: of the exact port, or of any where an action has none. */
export function registryGroups(registries: Registries, host: string, port?: number): readonly string[] {
  const isMember = (member: string): boolean =>
    port === undefined
      ? member.replace(/:\d+$/, '') === withPort(host, 0).replace(/:0$/, '')
      : member === withPort(host, port);
  return REGISTRY_ROLES.filter((role) => registries[role]?.some(isMember)).map(registryGroup);
}

/** What a request tells about the peer beside its name; each is absent where the action has none. */
export interface Peer {
  readonly port?: number;
  readonly ip?: string;
  /** Id of the Git repository that a request is to. */
  readonly repository?: string;
}

/** Keys of all ancestors of `Host::"host"` in one request. */
export function hostAncestors(host: string, peer: Peer = {}, registries: Registries = {}): ReadonlySet<string> {
  const { port, ip, repository } = peer;
  const address = ip === undefined ? undefined : parseIp(ip);
  const names = [host, ...wildcardsOf(host)];
  if (address !== undefined) names.push(formatIp(address));
  const ids = port === undefined ? names : names.flatMap((name) => [name, withPort(name, port)]);
  ids.push(...registryGroups(registries, host, port));
  const ancestors = new Set(ids.map((id) => entityKey('Host', id)));
  ancestors.delete(entityKey('Host', host));
  if (repository !== undefined) for (const key of repositoryAncestors(repository)) ancestors.add(key);
  return ancestors;
}

export interface HostPattern {
  /** `*`, `*.suffix`, a name, or an address in canonical text. */
  readonly name: string;
  readonly port?: number;
}

/** Takes a `Host` id apart; undefined when no request can ever have it as host or group. */
export function parseHostId(id: string): HostPattern | undefined {
  const match = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(0|[1-9]\d{0,4})$/.exec(id);
  const name = match?.[1] ?? match?.[2] ?? id;
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  if (port !== undefined && port > 65_535) return undefined;
  if (name.includes(':') && parseCanonicalAddress(name) === undefined) return undefined;
  return isHostName(name) ? { name, ...(port === undefined ? {} : { port }) } : undefined;
}

/** Lower case, no empty label, no final dot; `*` only as the whole first label. */
function isHostName(name: string): boolean {
  if (name === '*' || parseCanonicalAddress(name) !== undefined) return true;
  const bare = name.startsWith('*.') ? name.slice(2) : name;
  return bare.split('.').every((label) => /^[a-z0-9_-]+$/.test(label));
}
