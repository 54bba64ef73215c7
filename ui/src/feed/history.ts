// A session's pages of events in, a model that has taken every event once and in order out; later ones come from the feed.
import type { ApiFailure, EventEntry, EventPage, SessionView } from '../../../src/schema/api.ts';
import type { Who } from '../../../src/schema/event.ts';

/** What takes a session's events, in the order of their offsets. */
export interface Sink {
  add(entry: EventEntry): void;
}

/** Events that a screen holds; a session that wrote more is shown up to there, and the screen says so. */
export const HISTORY_MAX = 200_000;
export const PAGE = 5_000;

export type Pages = (after: number, limit: number) => Promise<EventPage>;

export interface HistoryState {
  /** Grows whenever the model did. */
  readonly version: number;
  readonly count: number;
  readonly isLoading: boolean;
  /** There are more than HISTORY_MAX. */
  readonly isCut: boolean;
  readonly state: SessionView['state'] | undefined;
  readonly error: unknown;
  readonly fault: ApiFailure | undefined;
}

function isSame(one: Who, other: Who): boolean {
  const [a, b] = [one.argv ?? [], other.argv ?? []];
  return (
    one.exe === other.exe &&
    one.parent === other.parent &&
    one.via === other.via &&
    a.length === b.length &&
    a.every((word, at) => word === b[at])
  );
}

export class History<Model extends Sink> {
  readonly model: Model;
  readonly #pages: Pages;
  readonly #most: number;
  readonly #listeners = new Set<() => void>();
  /** The command line of a process stands in each of its events; it is held once. */
  readonly #who = new Map<number, Who>();
  #last = -1;
  #isBusy = false;
  #isStarted = false;
  #state: HistoryState = {
    version: 0,
    count: 0,
    isLoading: true,
    isCut: false,
    state: undefined,
    error: undefined,
    fault: undefined,
  };

  constructor(pages: Pages, model: Model, most: number = HISTORY_MAX) {
    this.#pages = pages;
    this.model = model;
    this.#most = most;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (!this.#isStarted) {
      this.#isStarted = true;
      void this.load();
    }
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): HistoryState => this.#state;

  #change(part: Partial<HistoryState>): void {
    this.#state = { ...this.#state, ...part, version: this.#state.version + 1 };
    for (const listener of this.#listeners) listener();
  }

  #take({ seq, event }: EventEntry): boolean {
    if (this.#state.isCut) return false;
    if (seq >= this.#most) {
      this.#change({ isCut: true });
      return false;
    }
    const { who } = event;
    const known = who && this.#who.get(who.pid);
    if (who !== undefined && (known === undefined || !isSame(known, who))) this.#who.set(who.pid, who);
    this.model.add({ seq, event: known && who && isSame(known, who) ? { ...event, who: known } : event });
    this.#last = seq;
    return true;
  }

  /** Every page up to the end of what is written. */
  async load(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let isEnd = false; !isEnd && !this.#state.isCut; ) {
        const page = await this.#pages(this.#last, PAGE);
        for (const entry of page.events) this.#take(entry);
        isEnd = page.isEnd;
        this.#change({ count: this.#last + 1, state: page.state, fault: page.fault, error: undefined });
      }
    } catch (error) {
      this.#change({ error });
    } finally {
      this.#isBusy = false;
      this.#change({ isLoading: false });
    }
  }

  /** @param entries of the feed, oldest first. Those that are new are taken; where some are missing between, pages have them. */
  follow(entries: readonly EventEntry[]): void {
    const newest = entries.at(-1);
    if (this.#isBusy || this.#state.isCut || newest === undefined || newest.seq <= this.#last) return;
    let first = entries.length - 1;
    while (first > 0 && (entries[first - 1]?.seq ?? -1) > this.#last) first -= 1;
    let isWhole = true;
    for (const entry of entries.slice(first)) {
      isWhole = entry.seq === this.#last + 1 && this.#take(entry);
      if (!isWhole) break;
    }
    this.#change({ count: this.#last + 1 });
    if (!isWhole && !this.#state.isCut) void this.load();
  }
}
