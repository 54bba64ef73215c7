// Sessions in, how many changes of each wait for a person's word out.
import type { SessionSummary } from '../../journal/session-list.ts';
import { pendingChanges } from '../../review/changes.ts';
import { findReview, reviewedSessions } from '../../review/record.ts';

/** 'unknown': they are there, and cannot be read. */
export type Waiting = number | 'unknown';

function waitingOf(id: string): Waiting {
  try {
    const review = findReview(id);
    return review === undefined ? 0 : pendingChanges(review).length;
  } catch {
    return 'unknown'; // `leash diff` says why
  }
}

/** Of the sessions that are over and have any. */
export function waitingChanges(sessions: readonly SessionSummary[]): ReadonlyMap<string, Waiting> {
  const reviewed = new Set(reviewedSessions());
  const over = sessions.filter(({ info, state }) => state !== 'running' && reviewed.has(info.id));
  return new Map(over.map(({ info: { id } }) => [id, waitingOf(id)] as const).filter(([, changes]) => changes !== 0));
}

/** One line for a person. */
export function waitingLine(id: string, changes: Waiting): string {
  const what =
    changes === 'unknown'
      ? 'changes that cannot be read wait'
      : changes === 1
        ? '1 change waits'
        : `${changes} changes wait`;
  return `${what}: leash diff ${id}, leash accept ${id}, leash discard ${id}`;
}
