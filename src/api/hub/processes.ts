// A session's journal in; its processes, as their events tell of them, out.
import { LeashError } from '../../host/errors.ts';
import type { ProcessList, ProcessView } from '../../schema/api.ts';
import type { Event } from '../../schema/event.ts';
import { Cursor } from './cursor.ts';

/** The agent starts as many as it likes. */
const PROCESSES_MAX = 5_000;
/** Events that one answer looks at: the hub has others to answer. */
const READ_AT_ONCE = 20_000;
/** Each holds one descriptor. */
const TALLIES_MAX = 8;

/** A process id that is used again, or a program that became another, has the name of the last. */
function seen(known: ProcessView | undefined, { time, who, effect }: Event): ProcessView | undefined {
  if (who === undefined) return known;
  const { pid, parent, exe, argv = known?.argv, via } = who;
  return {
    pid,
    parent: parent === 0 ? (known?.parent ?? 0) : parent,
    exe: exe === '' ? (known?.exe ?? '') : exe,
    ...(argv !== undefined && { argv }),
    ...(via !== undefined && { via }),
    first: known?.first ?? time,
    last: time,
    events: (known?.events ?? 0) + 1,
    denied: (known?.denied ?? 0) + (effect === 'deny' ? 1 : 0),
  };
}

/** What was read of one journal, kept for the next time somebody asks. */
class Tally {
  readonly dir: string;
  readonly #cursor: Cursor;
  readonly #processes = new Map<number, ProcessView>();
  #isCut = false;
  #isReading = true;

  constructor(dir: string) {
    this.dir = dir;
    this.#cursor = new Cursor(dir, -1);
  }

  /** Takes in up to `most` events more. */
  async read(most: number): Promise<void> {
    try {
      for (let left = most; left > 0; left--) {
        const entry = await this.#cursor.next();
        this.#isReading = entry !== undefined;
        if (entry === undefined) return;
        this.#take(entry.event);
      }
    } catch (error) {
      if (!(error instanceof LeashError) || error.code !== 'LEASH_JOURNAL_CORRUPT') throw error;
      this.#isCut = true;
      this.#isReading = false;
    }
  }

  #take(event: Event): void {
    const pid = event.who?.pid;
    if (pid === undefined) return;
    const known = this.#processes.get(pid);
    if (known === undefined && this.#processes.size >= PROCESSES_MAX) {
      this.#isCut = true;
      return;
    }
    const process = seen(known, event);
    if (process !== undefined) this.#processes.set(pid, process);
  }

  get list(): ProcessList {
    const processes = [...this.#processes.values()].toSorted((a, b) => a.first - b.first);
    return { processes, isCut: this.#isCut, isReading: this.#isReading };
  }

  close(): Promise<void> {
    return this.#cursor.close();
  }
}

export class Processes {
  /** The one that was asked last stands last. */
  readonly #tallies: Tally[] = [];
  /** One after the other: a tally is read by one who asks at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Of a journal that cannot be trusted to its end: those of the part before. */
  of(dir: string): Promise<ProcessList> {
    const list = this.#turn.then(() => this.#read(dir));
    this.#turn = list.catch(() => undefined);
    return list;
  }

  async #read(dir: string): Promise<ProcessList> {
    const at = this.#tallies.findIndex((tally) => tally.dir === dir);
    const [tally = new Tally(dir)] = at < 0 ? [] : this.#tallies.splice(at, 1);
    await tally.read(READ_AT_ONCE);
    this.#tallies.push(tally);
    if (this.#tallies.length > TALLIES_MAX) await this.#tallies.shift()?.close();
    return tally.list;
  }

  async close(): Promise<void> {
    await this.#turn;
    for (const tally of this.#tallies.splice(0)) await tally.close();
  }
}
