// A session in; its events as they come, the last of them kept, out. Screens subscribe; they are told at most once a frame.

import type { StreamWord } from '../../../src/client/client.ts';
import { ApiError } from '../../../src/client/client.ts';
import type { ApiFailure, EventEntry, EventGap, SessionView } from '../../../src/schema/api.ts';

/** Of the events that are kept, the oldest are forgotten first; pages of the API have them. */
const KEPT = 50_000;
const FORGOTTEN_AT_ONCE = 5_000;
const AGAIN = 500;
/** Milliseconds until a server that had no room is asked again. */
const BUSY_AGAIN = 2_000;

export type Source = (after: number, signal: AbortSignal) => AsyncIterable<StreamWord>;

/** What a screen sees; a new object whenever something changed. */
export interface FeedState {
  /** Oldest first, without holes but for `gaps`. The array grows in place: `version` tells that it did. */
  readonly entries: readonly EventEntry[];
  readonly version: number;
  readonly gaps: readonly EventGap[];
  readonly connection: 'connecting' | 'open' | 'over' | 'failed';
  /** When the session ended. */
  readonly state: SessionView['state'] | undefined;
  readonly fault: ApiFailure | undefined;
}

export class EventFeed {
  readonly #source: Source;
  readonly #listeners = new Set<() => void>();
  readonly #schedule: (run: () => void) => void;
  #entries: EventEntry[] = [];
  #gaps: EventGap[] = [];
  #last = -1;
  #state: FeedState = {
    entries: this.#entries,
    version: 0,
    gaps: [],
    connection: 'connecting',
    state: undefined,
    fault: undefined,
  };
  /** What the next frame will show. */
  #next: Partial<FeedState> | undefined;
  #over: AbortController | undefined;

  constructor(source: Source, schedule: (run: () => void) => void) {
    this.#source = source;
    this.#schedule = schedule;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#over === undefined) {
      this.#over = new AbortController();
      void this.#follow(this.#over.signal);
    }
    return () => {
      this.#listeners.delete(listener);
      // A screen that is left for another of the same session subscribes again at once.
      setTimeout(() => {
        if (this.#listeners.size > 0) return;
        this.#over?.abort();
        this.#over = undefined;
      }, AGAIN);
    };
  };

  readonly state = (): FeedState => this.#state;

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const word of this.#source(this.#last, signal)) this.#take(word);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const isBusy = error instanceof ApiError && error.status === 503;
        if (error instanceof ApiError) this.#change({ connection: 'failed', fault: error.failure });
        else this.#change({ connection: 'connecting', fault: undefined });
        if (error instanceof ApiError && !isBusy) return;
        await new Promise((resolve) => setTimeout(resolve, isBusy ? BUSY_AGAIN : AGAIN));
      }
    }
  }

  #take(word: StreamWord): void {
    switch (word.kind) {
      case 'event':
        this.#last = word.seq;
        this.#entries.push({ seq: word.seq, event: word.event });
        if (this.#entries.length > KEPT + FORGOTTEN_AT_ONCE) this.#entries = this.#entries.slice(-KEPT);
        this.#change({ connection: 'open', fault: undefined });
        break;
      case 'gap':
        this.#last = word.gap.before - 1;
        this.#gaps = [...this.#gaps, word.gap];
        this.#change({ connection: 'open', fault: undefined });
        break;
      case 'end':
        this.#change({ connection: 'over', state: word.state, fault: undefined });
        break;
      default:
        this.#change({ connection: 'failed', fault: word.fault });
    }
  }

  /** What is seen changes once a frame only: a screen that is being drawn sees one state. */
  #change(part: Partial<FeedState>): void {
    const isDue = this.#next !== undefined;
    this.#next = { ...this.#next, ...part };
    if (isDue) return;
    this.#schedule(() => {
      const version = this.#state.version + 1;
      this.#state = { ...this.#state, ...this.#next, entries: this.#entries, gaps: this.#gaps, version };
      this.#next = undefined;
      for (const listener of this.#listeners) listener();
    });
  }
}
