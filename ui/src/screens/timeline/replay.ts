// Events in, any order of arrival; what a session was at a moment out: a function of the events and the moment, of nothing else.
import type { EventEntry } from '../../../../src/schema/api.ts';
import type { Event } from '../../../../src/schema/event.ts';
import { apply, type FileChange, isFileChange } from './files.ts';

export interface ProcessThen {
  readonly pid: number;
  readonly parent: number;
  readonly exe: string;
  readonly argv: readonly string[];
  /** Of its first event. */
  readonly since: number;
}

export interface Moment {
  readonly time: number;
  /** Events up to the moment, and denials among them. */
  readonly events: number;
  readonly denied: number;
  /** The last ones up to the moment, latest first. */
  readonly latest: readonly EventEntry[];
  /** Processes that an event shows to have been there before or at the moment, and at it or after. */
  readonly processes: readonly ProcessThen[];
  /** Changes since the beginning, latest first. */
  readonly files: readonly FileChange[];
}

const LATEST = 20;

/** By time; of one time, by offset. An exchange is recorded at its end with the time of its beginning. */
function isBefore(one: EventEntry, other: EventEntry): boolean {
  return one.event.time < other.event.time || (one.event.time === other.event.time && one.seq < other.seq);
}

/** @returns where it was put. Most belong to the end; after a clock was set back, none does. */
function insert(sorted: EventEntry[], entry: EventEntry): number {
  const last = sorted.at(-1);
  if (last === undefined || !isBefore(entry, last)) return sorted.push(entry) - 1;
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(entry, sorted[middle] as EventEntry)) high = middle;
    else low = middle + 1;
  }
  sorted.splice(low, 0, entry);
  return low;
}

/** How many of the sorted entries are not after the time. */
export function countUpTo(sorted: readonly EventEntry[], time: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.event.time ?? Number.POSITIVE_INFINITY) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Life {
  readonly events: EventEntry[];
  /** The last time at which an event of its own, or of a child of its, shows it. */
  until: number;
}

function endOf({ time, detail }: Event): number {
  const duration = detail?.['duration_ms'];
  return typeof duration === 'number' && duration > 0 ? time + duration : time;
}

export class Replay {
  readonly #events: EventEntry[] = [];
  readonly #denials: EventEntry[] = [];
  readonly #changes: EventEntry[] = [];
  readonly #lives = new Map<number, Life>();
  #end = Number.NEGATIVE_INFINITY;
  /** Changes applied so far: going on from the moment that was asked last costs only what came since. */
  #files = new Map<string, FileChange>();
  #applied = 0;

  /** In the order of time. */
  get events(): readonly EventEntry[] {
    return this.#events;
  }

  get start(): number {
    return this.#events[0]?.event.time ?? 0;
  }

  get end(): number {
    return Math.max(this.#end, this.start);
  }

  add(entry: EventEntry): void {
    const { event } = entry;
    insert(this.#events, entry);
    if (event.effect === 'deny') insert(this.#denials, entry);
    if (isFileChange(event) && insert(this.#changes, entry) < this.#applied) this.#rewind();
    const end = endOf(event);
    this.#end = Math.max(this.#end, end);
    const { who } = event;
    if (who === undefined) return;
    const life = this.#life(who.pid);
    insert(life.events, entry);
    life.until = Math.max(life.until, end);
    // A child names its parent as long as that lives; an orphan names another.
    if (who.parent !== 0) {
      const parent = this.#life(who.parent);
      parent.until = Math.max(parent.until, event.time);
    }
  }

  #life(pid: number): Life {
    const known = this.#lives.get(pid);
    if (known !== undefined) return known;
    const made = { events: [], until: Number.NEGATIVE_INFINITY };
    this.#lives.set(pid, made);
    return made;
  }

  #rewind(): void {
    this.#files = new Map();
    this.#applied = 0;
  }

  #filesAt(time: number): readonly FileChange[] {
    const wanted = countUpTo(this.#changes, time);
    if (wanted < this.#applied) this.#rewind();
    for (; this.#applied < wanted; this.#applied += 1) {
      const change = this.#changes[this.#applied];
      if (change !== undefined) apply(this.#files, change.event);
    }
    return [...this.#files.values()].reverse();
  }

  #processesAt(time: number): readonly ProcessThen[] {
    const processes: ProcessThen[] = [];
    for (const [pid, { events, until }] of this.#lives) {
      if (until < time) continue;
      const first = events[0];
      const last = events[countUpTo(events, time) - 1]?.event.who;
      if (first === undefined || last === undefined) continue;
      const { parent, exe, argv = [] } = last;
      processes.push({ pid, parent, exe, argv, since: first.event.time });
    }
    return processes.sort((a, b) => a.since - b.since || a.pid - b.pid);
  }

  at(time: number): Moment {
    const events = countUpTo(this.#events, time);
    return {
      time,
      events,
      denied: countUpTo(this.#denials, time),
      latest: this.#events.slice(Math.max(0, events - LATEST), events).reverse(),
      processes: this.#processesAt(time),
      files: this.#filesAt(time),
    };
  }

  /** The time of the next event after, or before, a moment; undefined: there is none. */
  next(time: number): number | undefined {
    return this.#events[countUpTo(this.#events, time)]?.event.time;
  }

  previous(time: number): number | undefined {
    let at = countUpTo(this.#events, time) - 1;
    while (at >= 0 && this.#events[at]?.event.time === time) at -= 1;
    return this.#events[at]?.event.time;
  }
}

/** Where a replay stands after `elapsed` milliseconds of the watcher's time; it stops at the end. */
export function advance(time: number, elapsed: number, speed: number, end: number): number {
  return Math.min(end, time + elapsed * speed);
}
