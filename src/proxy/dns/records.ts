// A permitted name and a record type enter, the records that the host's resolver finds leave: few, checked, and not often.
import { Buffer } from 'node:buffer';
import type { Resolver } from 'node:dns/promises';
import { canonicalHost } from '../names/canonical-host.ts';
import type { RecordData } from './reply.ts';

const TYPES = ['TXT', 'SRV', 'MX', 'CAA'] as const;
export type LookedUpType = (typeof TYPES)[number];

/** Types that have no other way to the agent and carry no key, address or hint to go around the proxy. */
export function isLookedUp(qtype: string): qtype is LookedUpType {
  return (TYPES as readonly string[]).includes(qtype);
}

export class LookupError extends Error {
  override readonly name = 'LookupError';
  /** The name does not exist, as opposed to: the answer is not known. */
  readonly isNoSuchName: boolean;

  constructor(isNoSuchName: boolean) {
    super(isNoSuchName ? 'no such name' : 'the resolver did not answer');
    this.isNoSuchName = isNoSuchName;
  }
}

const RECORDS_MAX = 64;
const BYTES_MAX = 16 << 10;
/** Milliseconds; twice. */
const TIMEOUT = 3_000;
const TRIES = 2;
const OPEN_MAX = 32;
/** A question can carry a few hundred bits out, where a policy lets any label be asked for: not many of them. */
const PER_MINUTE = 120;
const MINUTE = 60_000;

/** The name of a host as it stands in a record; `.` says that there is no such service (RFC 7505, RFC 2782). */
function target(name: string): string | undefined {
  return name === '' || name === '.' ? '.' : canonicalHost(name);
}

type Find = (resolver: Resolver, host: string) => Promise<RecordData[]>;

const FIND: Readonly<Record<LookedUpType, Find>> = {
  TXT: async (resolver, host) =>
    (await resolver.resolveTxt(host)).map((parts) => ({
      type: 'TXT',
      // One character for each byte, as c-ares has them.
      data: parts.map((part) => Buffer.from(part, 'latin1')),
    })),
  SRV: async (resolver, host) =>
    (await resolver.resolveSrv(host)).flatMap(({ name, port, priority, weight }) => {
      const to = target(name);
      return to === undefined ? [] : [{ type: 'SRV' as const, data: { target: to, port, priority, weight } }];
    }),
  MX: async (resolver, host) =>
    (await resolver.resolveMx(host)).flatMap(({ exchange, priority }) => {
      const to = target(exchange);
      return to === undefined ? [] : [{ type: 'MX' as const, data: { exchange: to, preference: priority } }];
    }),
  CAA: async (resolver, host) =>
    (await resolver.resolveCaa(host)).flatMap(({ critical, ...property }) =>
      Object.entries(property).flatMap(([tag, value]) =>
        (tag === 'issue' || tag === 'issuewild' || tag === 'iodef') && typeof value === 'string'
          ? [{ type: 'CAA' as const, data: { tag, value, issuerCritical: critical > 0 } }]
          : [],
      ),
    ),
};

function size(record: RecordData): number {
  return JSON.stringify(record.data).length;
}

/** Few enough to be held and sent: what does not fit is no answer, since a part of one could mean something else. */
function bounded(records: readonly RecordData[]): readonly RecordData[] {
  const bytes = records.reduce((sum, record) => sum + size(record), 0);
  if (records.length > RECORDS_MAX || bytes > BYTES_MAX) throw new LookupError(false);
  return records;
}

export class RecordLookup {
  readonly #servers: readonly string[] | undefined;
  #resolver: Promise<Resolver> | undefined;
  #open = 0;
  #asked = 0;
  #since = 0;

  /** @param servers addresses of resolvers; default: those of the host */
  constructor(servers: readonly string[] | undefined) {
    this.#servers = servers;
  }

  /**
   * Records of a canonical name; none when it has none of this type.
   * @throws LookupError
   */
  async find(host: string, type: LookedUpType): Promise<readonly RecordData[]> {
    if (this.#open >= OPEN_MAX || !this.#mayAsk()) throw new LookupError(false);
    this.#open += 1;
    try {
      const resolver = await this.#load();
      return bounded(await FIND[type](resolver, host));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ENODATA') return [];
      throw error instanceof LookupError ? error : new LookupError(code === 'ENOTFOUND');
    } finally {
      this.#open -= 1;
    }
  }

  #mayAsk(): boolean {
    const time = performance.now();
    if (time - this.#since > MINUTE) {
      this.#since = time;
      this.#asked = 0;
    }
    this.#asked += 1;
    return this.#asked <= PER_MINUTE;
  }

  #load(): Promise<Resolver> {
    this.#resolver ??= import('node:dns/promises').then((module) => {
      const resolver = new module.Resolver({ timeout: TIMEOUT, tries: TRIES });
      if (this.#servers !== undefined) resolver.setServers(this.#servers);
      return resolver;
    });
    return this.#resolver;
  }
}
