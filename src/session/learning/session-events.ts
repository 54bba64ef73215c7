// A session in; its verified events, as far as its journal can be trusted, and where that ends, out.
import { LeashError } from '../../host/errors.ts';
import type { JournalEntry } from '../../journal/decoder.ts';
import { openReader } from '../../journal/reader.ts';
import type { SessionSummary } from '../../journal/session-list.ts';

/** How the reading of one journal ended. */
export interface ReadEnd {
  readonly session: string;
  readonly events: number;
  /** Bytes of a last line that a crash cut off. */
  readonly torn: number;
  /** Why the rest cannot be trusted. */
  readonly fault?: string;
}

/**
 * Calls `each` for every event. A journal that is damaged is read up to the first place that cannot be trusted: an event counts when the
 * next line carries its hash, or when nothing follows it.
 */
export async function readEvents({ dir, info }: SessionSummary, each: (entry: JournalEntry) => void): Promise<ReadEnd> {
  let events = 0;
  let torn = 0;
  let last: JournalEntry | undefined;
  const give = (entry: JournalEntry | undefined): void => {
    if (entry === undefined) return;
    events++;
    each(entry);
  };
  try {
    const reader = openReader(dir);
    try {
      for await (const batch of reader.batches())
        for (const entry of batch) {
          give(last);
          last = entry;
        }
      give(last);
      torn = reader.state === 'crashed' ? reader.unfinished : 0;
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (!(error instanceof LeashError) || error.code !== 'LEASH_JOURNAL_CORRUPT') throw error;
    return { session: info.id, events, torn, fault: error.message };
  }
  return { session: info.id, events, torn };
}
