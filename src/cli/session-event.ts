// `SESSION:NUMBER` in; the event of that number, from a verified journal, out.
import { LeashError } from '../host/errors.ts';
import { openReader } from '../journal/reader.ts';
import { findSession, type SessionSummary } from '../journal/session-list.ts';
import type { Event } from '../schema/event.ts';

export interface SessionEvent {
  readonly session: SessionSummary;
  readonly seq: number;
  readonly event: Event;
}

/** Throws LEASH_USAGE, LEASH_SESSION_UNKNOWN for a session or number that is not there, LEASH_JOURNAL_CORRUPT. */
export async function findEvent(name: string): Promise<SessionEvent> {
  const [, wanted = '', number = ''] = /^([^:]+):(\d{1,12})$/.exec(name) ?? [];
  if (number === '') {
    throw new LeashError('LEASH_USAGE', `an event is SESSION:NUMBER, such as latest:42; got ${JSON.stringify(name)}`);
  }
  const session = findSession(wanted);
  const reader = openReader(session.dir);
  let last = -1;
  try {
    for await (const { seq, event } of reader.available()) {
      if (seq === Number(number)) return { session, seq, event };
      last = seq;
    }
  } finally {
    await reader.close();
  }
  const range = last < 0 ? 'it has none yet' : `it has 0 to ${last}`;
  throw new LeashError('LEASH_SESSION_UNKNOWN', `session ${session.info.id} has no event ${number}; ${range}`);
}
