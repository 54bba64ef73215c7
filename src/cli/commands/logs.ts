// A session in, what Leash said and what happened, by time, on standard output out.
import { EXIT } from '../../host/errors.ts';
import type { JournalEntry } from '../../journal/decoder.ts';
import { type JournalReader, openReader } from '../../journal/reader.ts';
import { SaidReader } from '../../journal/said.ts';
import { findSession } from '../../journal/session-list.ts';
import type { Invocation } from '../command.ts';
import { clockTime, eventLine } from '../event-line.ts';
import { painter, print, printable, say } from '../terminal.ts';

async function* entries(reader: JournalReader, follows: boolean): AsyncGenerator<JournalEntry> {
  yield* reader.available();
  if (follows && reader.state === 'running') yield* reader.follow(new AbortController().signal);
}

/** `leash logs`. Throws LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT. */
export async function logs({ flags, words }: Invocation): Promise<number> {
  const session = findSession(words[0] ?? 'latest');
  const paint = painter(process.stdout);
  const said = new SaidReader(session.dir);
  const tell = async (until: number): Promise<void> => {
    for (const { time, text } of said.until(until))
      await print(`${paint('dim', clockTime(time))} leash: ${printable(text)}`);
  };
  const reader = openReader(session.dir);
  try {
    for await (const { event } of entries(reader, flags.has('follow'))) {
      await tell(event.time);
      await print(eventLine(event, paint));
    }
    await tell(Number.POSITIVE_INFINITY);
    if (reader.state === 'crashed')
      say(`leash: session ${session.info.id} did not end properly: its leash process is gone.`);
  } finally {
    await reader.close();
  }
  return EXIT.ok;
}
