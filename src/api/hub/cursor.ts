// A session's journal and an offset in; its events behind that, one by one, out.
import type { JournalEntry } from '../../journal/decoder.ts';
import { eventPlace } from '../../journal/place.ts';
import { type JournalReader, openReader } from '../../journal/reader.ts';

/** It stays where it is until it is asked for the next event, and goes on when more was written. */
export class Cursor {
  readonly dir: string;
  /** The event read last. */
  last: number;
  readonly #reader: JournalReader;
  #entries: AsyncGenerator<JournalEntry, void, undefined> | undefined;

  /** @param after the event behind which it is to go on */
  constructor(dir: string, after: number) {
    const place = eventPlace(dir, after + 1);
    this.dir = dir;
    this.last = (place?.head.seq ?? 0) - 1;
    this.#reader = openReader(dir, place);
  }

  get state(): JournalReader['state'] {
    return this.#reader.state;
  }

  /** Undefined: nothing more is written. Throws LEASH_JOURNAL_CORRUPT. */
  async next(): Promise<JournalEntry | undefined> {
    this.#entries ??= this.#reader.available();
    const { value, done } = await this.#entries.next();
    if (done || value === undefined) {
      this.#entries = undefined;
      return undefined;
    }
    this.last = value.seq;
    return value;
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }
}
