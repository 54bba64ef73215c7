// A command line about a review in, the review it means and the paths it names out.
import { LeashError } from '../../host/errors.ts';
import { isSessionId } from '../../journal/session-id.ts';
import { findSession } from '../../journal/session-list.ts';
import type { Change } from '../../review/change.ts';
import { pendingChanges } from '../../review/changes.ts';
import { findReview, type Review, reviewedSessions } from '../../review/record.ts';
import { type Invocation, lastValue } from '../command.ts';

export interface OpenedReview {
  readonly review: Review;
  readonly changes: readonly Change[];
  readonly words: readonly string[];
}

function nothing(id: string): LeashError {
  return new LeashError('LEASH_REVIEW_NONE', `no changes of session ${id} wait`);
}

/** The layers of a running sandbox change as they are read. */
function isOver(id: string): boolean {
  return findSession(id).state !== 'running';
}

function newest(): Review {
  for (const id of reviewedSessions().filter(isSessionId)) {
    const review = findReview(id);
    if (review !== undefined && isOver(id)) return review;
  }
  throw new LeashError(
    'LEASH_REVIEW_NONE',
    'no changes wait: no session that is over was under review, or all is settled',
  );
}

/** @throws {LeashError} LEASH_SESSION_UNKNOWN, LEASH_REVIEW_NONE, LEASH_REVIEW */
export function openReviewOf(invocation: Invocation): OpenedReview {
  const [first = '', ...rest] = invocation.words;
  const isNamed = isSessionId(first) || first === 'latest';
  const wanted = lastValue(invocation, 'session') ?? (isNamed ? first : undefined);
  const words = isNamed && lastValue(invocation, 'session') === undefined ? rest : invocation.words;
  if (wanted === undefined) {
    const review = newest();
    return { review, changes: pendingChanges(review), words };
  }
  const { info, state } = findSession(wanted);
  if (state === 'running')
    throw new LeashError('LEASH_REVIEW_NONE', `session ${info.id} is running: its changes can be seen when it is over`);
  const review = findReview(info.id);
  if (review === undefined) throw nothing(info.id);
  return { review, changes: pendingChanges(review), words };
}
