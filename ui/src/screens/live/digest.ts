// Events as they come in; how many of what kind, how many a second, and how many of each process, out.
import type { EventEntry, ProcessView } from '../../../../src/schema/api.ts';
import type { Event } from '../../../../src/schema/event.ts';
import { type Outcome, outcome } from '../../journal/row.ts';
import { Follower } from './follow.ts';

export type ActionClass = 'files' | 'programs' | 'network' | 'tools' | 'other';

export function classOf(action: Event['action']): ActionClass {
  if (action.startsWith('File')) return 'files';
  switch (action) {
    case 'ProcessExec':
    case 'SessionExec':
      return 'programs';
    case 'NetConnect':
    case 'HttpRequest':
    case 'DnsResolve':
    case 'HttpRewrite':
    case 'SecretUse':
    case 'PortPublish':
    case 'PortConnect':
      return 'network';
    case 'McpCall':
    case 'McpToolNotice':
      return 'tools';
    default:
      return 'other';
  }
}

/** Events and denials of one second. */
export interface Second {
  /** Seconds since the Unix epoch. */
  readonly at: number;
  events: number;
  denied: number;
}

/** Seconds that are kept. */
export const SPAN = 300;

/** As many as the hub lists; the agent starts as many as it likes. */
const PROCESSES_MAX = 5_000;

type Counted = { -readonly [Key in keyof ProcessView]: ProcessView[Key] };

export class Digest {
  readonly #follower = new Follower();
  readonly outcomes: Record<Outcome, number> = { allowed: 0, denied: 0, 'would deny': 0 };
  readonly classes: Record<ActionClass, number> = { files: 0, programs: 0, network: 0, tools: 0, other: 0 };
  readonly processes = new Map<number, Counted>();
  /** Events that were gone before they could be counted. */
  missed = 0;
  #seconds: Second[] = [];

  follow(entries: readonly EventEntry[]): void {
    this.#follower.follow(entries, (entry) => this.#take(entry));
  }

  /** A row for every second of the span that ends with the last one or with `now`, whichever is later; in seconds. */
  rates(now: number): readonly Second[] {
    const last = Math.max(now, this.#seconds.at(-1)?.at ?? 0);
    const known = new Map(this.#seconds.map((second) => [second.at, second]));
    return Array.from({ length: SPAN }, (_, index) => {
      const at = last - SPAN + 1 + index;
      return known.get(at) ?? { at, events: 0, denied: 0 };
    });
  }

  /** Time of the last event, in seconds; 0 before there is one. */
  get end(): number {
    return this.#seconds.at(-1)?.at ?? 0;
  }

  #take({ seq, event }: EventEntry): void {
    this.missed += seq - this.#follower.last - 1;
    const verdict = outcome(event);
    this.outcomes[verdict] += 1;
    this.classes[classOf(event.action)] += 1;
    this.#count(event, verdict === 'allowed' ? 0 : 1);
    if (event.who !== undefined) this.#countProcess(event, event.who, verdict === 'allowed' ? 0 : 1);
  }

  #count({ time }: Event, denied: number): void {
    const at = Math.floor(time / 1000);
    const last = this.#seconds.at(-1);
    // Events of several sources are not quite in the order of their times: one that is late counts as of the last second.
    if (last !== undefined && at <= last.at) {
      last.events += 1;
      last.denied += denied;
      return;
    }
    this.#seconds.push({ at, events: 1, denied });
    if (this.#seconds.length > 2 * SPAN) this.#seconds = this.#seconds.slice(-SPAN);
  }

  #countProcess({ time }: Event, who: NonNullable<Event['who']>, denied: number): void {
    const known = this.processes.get(who.pid);
    if (known === undefined) {
      if (this.processes.size >= PROCESSES_MAX) return;
      this.processes.set(who.pid, { ...who, first: time, last: time, events: 1, denied });
      return;
    }
    known.events += 1;
    known.denied += denied;
    known.last = time;
    if (who.parent !== 0) known.parent = who.parent;
    if (who.exe !== '') known.exe = who.exe;
    if (who.argv !== undefined) known.argv = who.argv;
    if (who.via !== undefined) known.via = who.via;
  }
}
