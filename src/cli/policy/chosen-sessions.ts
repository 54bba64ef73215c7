// The words and options that choose sessions in; those sessions, oldest first, out.
import { LeashError } from '../../host/errors.ts';
import { findSession, listSessions, type SessionSummary } from '../../journal/session-list.ts';
import { parseAge } from '../age.ts';
import { type Invocation, lastValue, type ValueOption } from '../command.ts';

export const SINCE_OPTION: ValueOption = {
  kind: 'value',
  name: 'since',
  value: 'AGE',
  summary: 'Only what happened within this time: a number with `h`, `d` or `w`, such as `30d`',
};

export interface ChosenSessions {
  /** Each once. */
  readonly sessions: readonly SessionSummary[];
  /** Ids of sessions that would be among them and whose record cannot be read. */
  readonly unreadable: readonly string[];
  /** Milliseconds since the Unix epoch: earlier events are not meant. */
  readonly since: number;
}

/**
 * The sessions that `words` name; without words, all that were alive since `--since`.
 * Throws LEASH_USAGE, LEASH_SESSION_UNKNOWN when none matches.
 */
export function chosenSessions(invocation: Invocation, words: readonly string[]): ChosenSessions {
  const age = lastValue(invocation, 'since');
  const since = age === undefined ? 0 : Date.now() - parseAge(age, '--since');
  const listed =
    words.length === 0 ? listSessions() : { sessions: words.map((word) => findSession(word)), unreadable: [] };
  const sessions = new Map(
    listed.sessions
      .filter(({ info }) => (info.ended ?? Number.POSITIVE_INFINITY) >= since)
      .map((session) => [session.info.id, session]),
  );
  if (sessions.size === 0 && listed.unreadable.length === 0)
    throw new LeashError(
      'LEASH_SESSION_UNKNOWN',
      age === undefined ? 'there are no sessions yet' : `no session was alive within ${age}`,
    );
  return { sessions: [...sessions.values()].reverse(), unreadable: listed.unreadable, since };
}
