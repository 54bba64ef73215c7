// Names of sessions in, their ends out.
import { EXIT, LeashError } from '../../host/errors.ts';
import { findSession, listSessions, type SessionSummary } from '../../journal/session-list.ts';
import { askToEnd, awaitEnd } from '../../session/stop-session.ts';
import type { Invocation } from '../command.ts';
import { print, say } from '../terminal.ts';

const isRunning = ({ state }: SessionSummary): boolean => state === 'running';

function theOne(running: readonly SessionSummary[]): readonly SessionSummary[] {
  if (running.length === 1) return running;
  if (running.length === 0) throw new LeashError('LEASH_SESSION_UNKNOWN', 'no session runs');
  throw new LeashError('LEASH_SESSION_UNKNOWN', `${running.length} sessions run; name one, or say --all`, {
    details: running.map(({ info }) => info.id),
  });
}

function chosen({ flags, words }: Invocation): readonly SessionSummary[] {
  if (words.length === 0) {
    const running = listSessions().sessions.filter(isRunning);
    return flags.has('all') ? running : theOne(running);
  }
  if (flags.has('all')) throw new LeashError('LEASH_USAGE', '--all goes with no session');
  const named = new Map(words.map((word) => findSession(word)).map((session) => [session.info.id, session]));
  for (const session of named.values())
    if (!isRunning(session)) throw new LeashError('LEASH_SESSION_UNKNOWN', `session ${session.info.id} does not run`);
  return [...named.values()];
}

/** `leash stop`. Throws LEASH_SESSION_UNKNOWN before any is asked, LEASH_SESSION_UNREACHABLE, LEASH_USAGE. */
export async function stop(invocation: Invocation): Promise<number> {
  const sessions = chosen(invocation);
  if (sessions.length === 0) say('leash: no session runs.');
  const ends = sessions.map(async (session) => {
    askToEnd(session);
    await awaitEnd(session);
    await print(session.info.id);
  });
  const failed = (await Promise.allSettled(ends)).find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return EXIT.ok;
}
