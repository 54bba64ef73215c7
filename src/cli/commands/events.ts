// A session and filters in, its events on standard output out.
import { EXIT, LeashError } from '../../host/errors.ts';
import type { JournalEntry } from '../../journal/decoder.ts';
import { type JournalReader, openReader } from '../../journal/reader.ts';
import { findSession, type SessionSummary } from '../../journal/session-list.ts';
import { type Invocation, lastValue } from '../command.ts';
import { eventFormat } from '../event-format.ts';
import { print, say } from '../terminal.ts';

function parseLimit(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^\d{1,9}$/.test(text))
    throw new LeashError('LEASH_USAGE', `--limit needs a number, got ${JSON.stringify(text)}`);
  return Number(text);
}

function filter(invocation: Invocation): (entry: JournalEntry) => boolean {
  const actions = invocation.values.get('action');
  const isDeniedOnly = invocation.flags.has('denied');
  return ({ event }) => {
    if (isDeniedOnly && event.effect !== 'deny' && event.shadow !== 'deny') return false;
    return actions === undefined || actions.includes(event.action);
  };
}

/** Of what `entries` yields, the last `limit` that match; all of it is verified either way. */
async function lastMatches(
  entries: AsyncIterable<JournalEntry>,
  isWanted: (entry: JournalEntry) => boolean,
  limit: number,
): Promise<readonly JournalEntry[]> {
  const kept: JournalEntry[] = [];
  for await (const entry of entries) {
    if (!isWanted(entry)) continue;
    kept.push(entry);
    if (kept.length > 2 * limit) kept.splice(0, kept.length - limit);
  }
  return limit === 0 ? [] : kept.slice(-limit);
}

function tellEnd(reader: JournalReader, session: SessionSummary): void {
  if (reader.state !== 'crashed') return;
  const rest =
    reader.unfinished === 0 ? '' : ` The last ${reader.unfinished} bytes are an unfinished event and are not shown.`;
  say(`leash: session ${session.info.id} did not end properly: its leash process is gone.${rest}`);
}

/** `leash events`. Throws LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT, LEASH_USAGE. */
export async function events(invocation: Invocation): Promise<number> {
  const limit = parseLimit(lastValue(invocation, 'limit'));
  const session = findSession(lastValue(invocation, 'session') ?? 'latest');
  const isWanted = filter(invocation);
  const format = eventFormat(invocation.flags.has('json'), session.info.id);
  const reader = openReader(session.dir);
  try {
    if (Number.isFinite(limit)) {
      for (const entry of await lastMatches(reader.available(), isWanted, limit)) await print(format(entry));
    } else {
      for await (const entry of reader.available()) if (isWanted(entry)) await print(format(entry));
    }
    if (invocation.flags.has('follow') && reader.state === 'running') {
      const isNever = new AbortController().signal;
      for await (const entry of reader.follow(isNever)) if (isWanted(entry)) await print(format(entry));
    }
    tellEnd(reader, session);
  } finally {
    await reader.close();
  }
  return EXIT.ok;
}
