// The folder of all sessions in, their records and states out.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { sessionsDir } from '../host/paths.ts';
import type { SessionInfo } from '../schema/event.ts';
import { processIdentity } from './owner.ts';
import { readSessionInfo } from './session-file.ts';
import { isSessionId } from './session-id.ts';

/** `crashed`: the session has no end and the `leash` process that owned it is gone. */
export type SessionState = 'running' | 'ended' | 'crashed';

export interface SessionSummary {
  readonly info: SessionInfo;
  readonly state: SessionState;
  readonly dir: string;
}

export interface SessionList {
  /** Newest first. */
  readonly sessions: readonly SessionSummary[];
  /** Ids of sessions whose record cannot be read. */
  readonly unreadable: readonly string[];
}

export function sessionState(info: SessionInfo): SessionState {
  if (info.ended !== undefined) return 'ended';
  const identity = processIdentity(info.pid);
  // A record without an owner was written where /proc could not be read; its process id is all there is.
  const isOwner = identity !== undefined && (info.owner === undefined || info.owner === identity);
  return isOwner ? 'running' : 'crashed';
}

function summary(dir: string): SessionSummary {
  const info = readSessionInfo(dir);
  return { info, state: sessionState(info), dir };
}

/** Ids of the sessions in `root`, newest first; none when the folder does not exist. */
function sessionIds(root: string): readonly string[] {
  try {
    return readdirSync(root).filter(isSessionId).sort().reverse();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new LeashError('LEASH_SESSION_UNKNOWN', `cannot read ${root}`, { cause: error });
  }
}

export function listSessions(root: string = sessionsDir()): SessionList {
  const sessions: SessionSummary[] = [];
  const unreadable: string[] = [];
  for (const id of sessionIds(root)) {
    try {
      sessions.push(summary(path.join(root, id)));
    } catch {
      unreadable.push(id);
    }
  }
  return { sessions, unreadable };
}

/**
 * The session `wanted` names: its id, the beginning or end of one id only, or `latest`.
 * Throws LEASH_SESSION_UNKNOWN when none or several match.
 */
export function findSession(wanted: string, root: string = sessionsDir()): SessionSummary {
  const ids = sessionIds(root);
  if (wanted === 'latest') {
    if (ids[0] === undefined) throw new LeashError('LEASH_SESSION_UNKNOWN', `there are no sessions in ${root} yet`);
    return summary(path.join(root, ids[0]));
  }
  const exact = ids.filter((id) => id === wanted);
  const matches = exact.length > 0 ? exact : ids.filter((id) => id.startsWith(wanted) || id.endsWith(wanted));
  const [id, second] = matches;
  if (id === undefined || wanted === '')
    throw new LeashError('LEASH_SESSION_UNKNOWN', `there is no session "${wanted}"`);
  if (second !== undefined) {
    throw new LeashError('LEASH_SESSION_UNKNOWN', `"${wanted}" is the name of ${matches.length} sessions`, {
      details: matches,
    });
  }
  return summary(path.join(root, id));
}
