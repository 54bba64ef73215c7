// Names of sessions or an age in, their records deleted out.
import { EXIT, LeashError } from '../../host/errors.ts';
import { removeSession } from '../../journal/remove-session.ts';
import { findSession, listSessions, type SessionSummary } from '../../journal/session-list.ts';
import { parseAge } from '../age.ts';
import { type Invocation, lastValue } from '../command.ts';
import { hindrance } from '../removable.ts';
import { print, say } from '../terminal.ts';

/** A session that crashed has no end: it counts from its start. */
function endedBefore(time: number): readonly SessionSummary[] {
  return listSessions().sessions.filter(
    (session) => hindrance(session) === undefined && (session.info.ended ?? session.info.started) < time,
  );
}

function named(words: readonly string[]): readonly SessionSummary[] {
  const sessions = new Map(words.map((word) => findSession(word)).map((session) => [session.info.id, session]));
  for (const session of sessions.values()) {
    const why = hindrance(session);
    if (why !== undefined) throw new LeashError('LEASH_SESSION_BUSY', why);
  }
  return [...sessions.values()];
}

/** `leash rm`. Throws LEASH_SESSION_UNKNOWN, LEASH_SESSION_BUSY, LEASH_SESSION_REMOVE, LEASH_USAGE. */
export async function rm(invocation: Invocation): Promise<number> {
  const { words } = invocation;
  const age = lastValue(invocation, 'older-than');
  if ((age === undefined) === (words.length === 0))
    throw new LeashError('LEASH_USAGE', 'name sessions, or an age with --older-than');
  const sessions = age === undefined ? named(words) : endedBefore(Date.now() - parseAge(age, '--older-than'));
  if (sessions.length === 0) say('leash: there is none.');
  for (const session of sessions) {
    try {
      removeSession(session);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new LeashError('LEASH_SESSION_REMOVE', `${session.dir} cannot be deleted (${code})`, { cause });
    }
    await print(session.info.id);
  }
  return EXIT.ok;
}
