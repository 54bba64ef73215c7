// An event with its number in, one line of output out: for people, or as JSON.
import type { JournalEntry } from '../journal/decoder.ts';
import { eventLine } from './event-line.ts';
import { jsonLine, painter } from './terminal.ts';

/** Digits; longer numbers push the line to the right. */
const NUMBER_WIDTH = 5;

/** How the events of a session are printed. */
export function eventFormat(isJson: boolean, session: string): (entry: JournalEntry) => string {
  if (isJson) return ({ seq, event }) => jsonLine({ session, seq, ...event });
  const paint = painter(process.stdout);
  return ({ seq, event }) => `${paint('dim', String(seq).padStart(NUMBER_WIDTH))} ${eventLine(event, paint)}`;
}
