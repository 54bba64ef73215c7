// A session's journal and an offset in; its events as server-sent events out, until the session is over or nobody reads any more.
import { setTimeout as sleep } from 'node:timers/promises';
import { LeashError } from '../../host/errors.ts';
import { DirectoryChanges } from '../../journal/changes.ts';
import type { JournalEntry } from '../../journal/decoder.ts';
import { openReader } from '../../journal/reader.ts';
import { tailPlace } from '../../journal/tail.ts';
import type { EventGap } from '../../schema/api.ts';
import { failureOf } from './failure.ts';
import { sseComment, sseEvent } from './sse.ts';

/** Of one piece that is written at a time. */
const PIECE_CHARACTERS = 64 << 10;
const TAIL_CHARACTERS_MAX = 16 << 20;
/** Milliseconds between two looks at a journal that grows all the time: many readers must not keep the hub from answering. */
const INTERVAL = 100;
/** Milliseconds after which a silent stream says that it lives. */
const HEARTBEAT = 15_000;

/** The last events of what was written, bounded in number and in length. */
class Tail {
  readonly #most: number;
  #entries: { readonly seq: number; readonly text: string }[] = [];
  #from = 0;
  #characters = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add({ seq, event }: JournalEntry): void {
    const text = sseEvent('event', event, seq);
    this.#entries.push({ seq, text });
    this.#characters += text.length;
    while (this.#entries.length - this.#from > this.#most || this.#characters > TAIL_CHARACTERS_MAX) {
      this.#characters -= this.#entries[this.#from]?.text.length ?? 0;
      this.#from += 1;
    }
    if (this.#from < this.#most) return;
    this.#entries = this.#entries.slice(this.#from);
    this.#from = 0;
  }

  get first(): number | undefined {
    return this.#entries[this.#from]?.seq;
  }

  get last(): number | undefined {
    return this.#entries.at(-1)?.seq;
  }

  *pieces(): Generator<string> {
    let piece = '';
    for (const { text } of this.#entries.slice(this.#from)) {
      piece += text;
      if (piece.length < PIECE_CHARACTERS) continue;
      yield piece;
      piece = '';
    }
    if (piece !== '') yield piece;
  }
}

export interface StreamPlace {
  /** The offset that the reader knows already. */
  readonly after: number;
  /** How many events it may be late before some are left out. */
  readonly behind: number;
  /** Likewise of those that are there when it begins. */
  readonly first: number;
}

/**
 * `event` with the offset as its id; `gap` for what was left out; `end` with the state of a session that is over; `fault` where the journal
 * cannot be trusted. While the reader takes nothing, nothing is read: what is waiting lies in the journal.
 */
export async function* eventStream(
  dir: string,
  { after, behind, first: atFirst }: StreamPlace,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const changes = new DirectoryChanges(dir);
  // One more than may be late: the gap is seen.
  const reader = openReader(dir, tailPlace(dir, atFirst + 1));
  let known = after;
  let most = atFirst;
  let spoke = performance.now();
  // The head of the response, which a quiet session would hold back.
  yield sseComment();
  try {
    while (!signal.aborted) {
      const looked = performance.now();
      const changed = changes.next(signal);
      const tail = new Tail(most);
      most = behind;
      let fault: LeashError | undefined;
      try {
        for await (const entry of reader.available()) if (entry.seq > known) tail.add(entry);
      } catch (error) {
        if (!(error instanceof LeashError)) throw error;
        fault = error;
      }
      const { first, last } = tail;
      if (first !== undefined && first > known + 1)
        yield sseEvent('gap', { after: known, before: first } satisfies EventGap, first - 1);
      for (const piece of tail.pieces()) yield piece;
      if (last !== undefined) spoke = performance.now();
      known = last ?? known;
      if (fault !== undefined) return yield sseEvent('fault', failureOf(fault));
      if (reader.state !== 'running') return yield sseEvent('end', { state: reader.state });
      await changed;
      await sleep(Math.max(0, INTERVAL - (performance.now() - looked)), undefined, { signal }).catch(() => undefined);
      if (performance.now() - spoke < HEARTBEAT) continue;
      yield sseComment();
      spoke = performance.now();
    }
  } finally {
    changes.close();
    await reader.close();
  }
}
