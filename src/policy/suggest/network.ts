// What is missing of names, connections and requests in; the statements that permit it out.
import type { ConnectRequest, DnsRequest, HttpRequest } from '../../schema/request.ts';
import { withPort } from '../evaluate/host-entity.ts';
import { parseCanonicalAddress } from '../evaluate/ip.ts';
import { cedarString } from '../text/literal.ts';
import { chunks, type Draft } from './draft.ts';
import type { Seen } from './evidence.ts';
import { patternsOf } from './hosts.ts';
import { pathCondition } from './paths-of-requests.ts';

/** Types of records that are asked for outside, by a permit that speaks of them. */
const OUTSIDE = ['TXT', 'SRV', 'MX', 'CAA'];

interface SeenOf<T> {
  readonly seen: Seen;
  readonly request: T;
}

function ofAction<T extends Seen['request']>(missing: readonly Seen[], action: T['action']): readonly SeenOf<T>[] {
  return missing.flatMap((seen) => (seen.request.action === action ? [{ seen, request: seen.request as T }] : []));
}

/** In the order of their keys. */
function grouped<T>(all: readonly T[], keyOf: (each: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const key = keyOf(each);
    const group = groups.get(key) ?? [];
    group.push(each);
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

const WILDCARD = 'all names below a domain';

function widened(hosts: readonly string[], more?: string): { readonly widening?: string } {
  const all = [
    ...(hosts.some((host) => host.startsWith('*')) ? [WILDCARD] : []),
    ...(more === undefined ? [] : [more]),
  ];
  return all.length === 0 ? {} : { widening: all.join(', ') };
}

function hostSet(hosts: readonly string[]): string {
  return `resource in [${hosts.map((host) => `Host::${cedarString(host)}`).join(', ')}]`;
}

type Patterns = ReadonlyMap<string, string>;

function nameDrafts(missing: readonly Seen[], patterns: Patterns): readonly Draft[] {
  const names = ofAction<DnsRequest>(missing, 'DnsResolve');
  const typeOf = ({ request: { qtype } }: SeenOf<DnsRequest>): string => (OUTSIDE.includes(qtype) ? qtype : '');
  return grouped(names, typeOf).flatMap(([qtype, those]) =>
    chunks(grouped(those, ({ request }) => patterns.get(request.resource.name) ?? '')).map((some): Draft => {
      const hosts = some.map(([host]) => host);
      return {
        subject: 'names',
        actions: ['DnsResolve'],
        scope: 'resource',
        when: `${hostSet(hosts)}${qtype === '' ? '' : ` && context.qtype == ${cedarString(qtype)}`}`,
        seen: some.flatMap(([, each]) => each.map(({ seen }) => seen)),
        ...widened(hosts),
      };
    }),
  );
}

type Connects = readonly SeenOf<ConnectRequest>[];

/** Without the word, datagrams are not relayed. */
function protocolCondition(protocol: string): string {
  return protocol === 'udp' ? ' && context.protocol == "udp"' : '';
}

function namedConnects(those: Connects, protocol: string, patterns: Patterns): readonly Draft[] {
  const hostOf = ({ request: { resource, port } }: Connects[number]): string =>
    withPort(patterns.get(resource.name) ?? '', port);
  return chunks(grouped(those, hostOf)).map((some): Draft => {
    const hosts = some.map(([host]) => host);
    return {
      subject: 'connections',
      actions: ['NetConnect'],
      scope: 'resource',
      when: `${hostSet(hosts)}${protocolCondition(protocol)}`,
      seen: some.flatMap(([, each]) => each.map(({ seen }) => seen)),
      ...widened(hosts),
    };
  });
}

/** `in` would also mean names that are dialled at the address. */
function addressConnects(those: Connects, protocol: string): readonly Draft[] {
  return grouped(those, ({ request: { port } }) => String(port)).flatMap(([port, ofPort]) =>
    chunks(grouped(ofPort, ({ request: { resource } }) => resource.name)).map((some): Draft => {
      const set = some.map(([address]) => `Host::${cedarString(address)}`).join(', ');
      return {
        subject: 'addresses',
        actions: ['NetConnect'],
        scope: 'resource',
        when: `[${set}].contains(resource) && context.port == ${port}${protocolCondition(protocol)}`,
        seen: some.flatMap(([, each]) => each.map(({ seen }) => seen)),
      };
    }),
  );
}

function connectDrafts(missing: readonly Seen[], patterns: Patterns): readonly Draft[] {
  const isAddress = ({ request }: Connects[number]): boolean =>
    parseCanonicalAddress(request.resource.name) !== undefined;
  const all = ofAction<ConnectRequest>(missing, 'NetConnect');
  return grouped(all, ({ request }) => request.protocol).flatMap(([protocol, those]) => [
    ...namedConnects(
      those.filter((each) => !isAddress(each)),
      protocol,
      patterns,
    ),
    ...addressConnects(those.filter(isAddress), protocol),
  ]);
}

/** A method that is not in capitals is refused where a policy looks at methods. */
function methodCondition(methods: readonly string[]): { readonly text?: string; readonly widening?: string } {
  if (!methods.every((method) => /^[A-Z]+$/.test(method))) return { widening: 'any method' };
  const [only, ...others] = methods.map(cedarString);
  return {
    text:
      others.length === 0 ? `context.method == ${only}` : `[${[only, ...others].join(', ')}].contains(context.method)`,
  };
}

/** One statement for the methods that were used on the same paths of a host. */
function hostDrafts(host: string, requests: readonly SeenOf<HttpRequest>[], isExact: boolean): readonly Draft[] {
  const byMethod = grouped(requests, ({ request }) => request.method).map(([method, those]) => ({
    method,
    those,
    path: pathCondition(
      those.map(({ request }) => request.path),
      isExact,
    ),
  }));
  return grouped(byMethod, ({ path }) => path.text ?? '').map(([, alike]): Draft => {
    const method = methodCondition(alike.map((each) => each.method));
    const path = alike[0]?.path ?? {};
    const words = [method.widening, path.widening].filter((word) => word !== undefined);
    // A push is a request like others, also on a host of which any path is permitted.
    const conditions = ['!(context has git)', method.text, path.text].filter((text) => text !== undefined);
    return {
      subject: 'requests',
      actions: ['HttpRequest'],
      scope: `resource in Host::${cedarString(host)}`,
      when: conditions.join(' && '),
      seen: alike.flatMap(({ those }) => those.map(({ seen }) => seen)),
      ...widened([host], words.length === 0 ? undefined : words.join(', ')),
    };
  });
}

/** A repository and what is done to it, whatever paths that takes. */
function gitDrafts(requests: readonly SeenOf<HttpRequest>[]): readonly Draft[] {
  return grouped(requests, ({ request: { git } }) => JSON.stringify([git?.repository, git?.operation])).map(
    ([, those]): Draft => {
      const { repository = '', operation = '' } = those[0]?.request.git ?? {};
      return {
        subject: 'git',
        actions: ['HttpRequest'],
        scope: `resource in Repository::${cedarString(repository)}`,
        when: `context has git && context.git.repository == ${cedarString(repository)} && context.git.operation == ${cedarString(operation)}`,
        seen: those.map(({ seen }) => seen),
      };
    },
  );
}

/** `missing`: of any action. */
export function networkDrafts(missing: readonly Seen[], isExact: boolean): readonly Draft[] {
  const hosts = missing.flatMap(({ request: { resource } }) => (resource.type === 'host' ? [resource.name] : []));
  const patterns = patternsOf(hosts, isExact);
  const http = ofAction<HttpRequest>(missing, 'HttpRequest');
  const plain = http.filter(({ request }) => request.git === undefined);
  const byHost = grouped(plain, ({ request: { resource, port } }) => withPort(patterns.get(resource.name) ?? '', port));
  return [
    ...nameDrafts(missing, patterns),
    ...connectDrafts(missing, patterns),
    ...byHost.flatMap(([host, requests]) => hostDrafts(host, requests, isExact)),
    ...gitDrafts(http.filter(({ request }) => request.git !== undefined)),
  ];
}
