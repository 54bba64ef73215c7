// Events in; for each host, port and what was asked of it, whether it was permitted, and how much passed, out. Every list is bounded: names are an agent's choice.
import type { EventEntry } from '../../../../src/schema/api.ts';
import type { Event } from '../../../../src/schema/event.ts';
import { printable } from '../../parts/printable.ts';

export interface Requests {
  readonly method: string;
  readonly path: string;
  /** Absent: no answer came. */
  readonly status?: number;
  readonly count: number;
  readonly denied: number;
}

export interface Refusal {
  /** A sentence of the policy, or what stands for it. */
  readonly why: string;
  readonly action: string;
  readonly count: number;
  readonly last: number;
  readonly isEnforced: boolean;
}

export interface HostRow {
  readonly key: string;
  readonly name: string;
  /** Absent: only its name was looked up. */
  readonly port?: number;
  readonly protocols: readonly string[];
  readonly lookups: number;
  readonly connections: number;
  readonly requests: number;
  readonly allowed: number;
  readonly denied: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Milliseconds since the Unix epoch. */
  readonly last: number;
  readonly paths: readonly Requests[];
  readonly isPathsCut: boolean;
  readonly refusals: readonly Refusal[];
}

export const HOSTS_MAX = 2_000;
export const PATHS_MAX = 300;
const REFUSALS_MAX = 50;
const ACTIONS: ReadonlySet<string> = new Set(['NetConnect', 'HttpRequest', 'DnsResolve', 'PortConnect']);

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Kept {
  readonly row: Mutable<Omit<HostRow, 'paths' | 'refusals' | 'protocols'>>;
  readonly protocols: Set<string>;
  readonly paths: Map<string, Mutable<Requests>>;
  readonly refusals: Map<string, Mutable<Refusal>>;
}

function numberOf({ detail }: Event, key: string): number | undefined {
  const value = detail?.[key];
  return typeof value === 'number' ? value : undefined;
}

function textOf({ detail }: Event, key: string): string | undefined {
  const value = detail?.[key];
  return typeof value === 'string' ? value : undefined;
}

function protocolOf(event: Event): string {
  switch (event.action) {
    case 'HttpRequest':
      return textOf(event, 'scheme') ?? 'http';
    case 'DnsResolve':
      return 'dns';
    case 'PortConnect':
      return 'into the sandbox';
    default:
      return textOf(event, 'protocol') ?? 'tcp';
  }
}

function whyOf({ reason, policies, error }: Event): string {
  return reason ?? (policies.length > 0 ? `by ${policies.join(', ')}` : (error ?? 'no policy permits it'));
}

export class Hosts {
  readonly #hosts = new Map<string, Kept>();
  #leftOut = 0;

  /** Events of hosts beyond HOSTS_MAX. */
  get leftOut(): number {
    return this.#leftOut;
  }

  add({ event }: EventEntry): void {
    if (!ACTIONS.has(event.action) || event.resource.type === 'path') return;
    const kept = this.#kept(event);
    if (kept === undefined) {
      this.#leftOut += 1;
      return;
    }
    const { row } = kept;
    if (kept.protocols.size < 8) kept.protocols.add(protocolOf(event));
    if (event.action === 'DnsResolve') row.lookups += 1;
    else if (event.action === 'HttpRequest') row.requests += 1;
    else row.connections += 1;
    row[event.effect === 'deny' ? 'denied' : 'allowed'] += 1;
    row.bytesIn += numberOf(event, 'bytes_in') ?? 0;
    row.bytesOut += numberOf(event, 'bytes_out') ?? 0;
    row.last = Math.max(row.last, event.time);
    if (event.action === 'HttpRequest') this.#path(kept, event);
    if (event.effect === 'deny') this.#refusal(kept, event);
  }

  #kept(event: Event): Kept | undefined {
    const name = event.resource.type === 'path' ? '' : event.resource.name;
    const port = numberOf(event, 'port');
    const key = `${name} ${port ?? ''}`;
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    if (this.#hosts.size >= HOSTS_MAX) return undefined;
    const none = { lookups: 0, connections: 0, requests: 0, allowed: 0, denied: 0, bytesIn: 0, bytesOut: 0, last: 0 };
    const row = { key, name, ...(port !== undefined && { port }), ...none, isPathsCut: false };
    const made: Kept = { row, protocols: new Set(), paths: new Map(), refusals: new Map() };
    this.#hosts.set(key, made);
    return made;
  }

  #path({ row, paths }: Kept, event: Event): void {
    const [method, path] = [textOf(event, 'method') ?? '?', textOf(event, 'path') ?? '?'];
    const status = numberOf(event, 'status');
    const key = `${method} ${status ?? ''} ${path}`;
    const isDenied = event.effect === 'deny' ? 1 : 0;
    const known = paths.get(key);
    if (known !== undefined) {
      known.count += 1;
      known.denied += isDenied;
    } else if (paths.size < PATHS_MAX) {
      paths.set(key, { method, path, ...(status !== undefined && { status }), count: 1, denied: isDenied });
    } else row.isPathsCut = true;
  }

  #refusal({ refusals }: Kept, event: Event): void {
    const why = whyOf(event);
    const key = `${event.action} ${event.enforced} ${why}`;
    const known = refusals.get(key);
    if (known !== undefined) {
      known.count += 1;
      known.last = Math.max(known.last, event.time);
    } else if (refusals.size < REFUSALS_MAX) {
      refusals.set(key, { why, action: event.action, count: 1, last: event.time, isEnforced: event.enforced });
    }
  }

  /** The one that was used last stands first. */
  list(): readonly HostRow[] {
    const rows = [...this.#hosts.values()].map(
      ({ row, protocols, paths, refusals }): HostRow => ({
        ...row,
        protocols: [...protocols],
        paths: [...paths.values()].map((one) => ({ ...one })),
        refusals: [...refusals.values()].map((one) => ({ ...one })),
      }),
    );
    return rows.sort((a, b) => b.last - a.last || (a.key < b.key ? -1 : 1));
  }
}

/** TLS as the events tell: `https` was opened and seen; of other connections only bytes are known. */
export function tlsText({ protocols }: Pick<HostRow, 'protocols'>): string {
  if (protocols.includes('https')) return 'opened';
  return protocols.includes('http') ? 'none' : '';
}

export interface HostFilter {
  /** A part of the name, a path, or a reason, in either case. */
  readonly text: string;
  readonly isDeniedOnly: boolean;
}

export function isHostShown(
  { name, port, denied, paths, refusals }: HostRow,
  { text, isDeniedOnly }: HostFilter,
): boolean {
  if (isDeniedOnly && denied === 0) return false;
  const part = text.trim().toLowerCase();
  if (part === '') return true;
  const words = [`${name}:${port ?? ''}`, ...paths.map(({ path }) => path), ...refusals.map(({ why }) => why)];
  return words.some((word) => printable(word).toLowerCase().includes(part));
}

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let [value, unit] = [bytes / 1024, 0];
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}
