// An order about the changes of a session that is over in; what waits, the text of one, or what was done, out. By the code of `leash diff`, `accept` and `discard`.
import { createHash } from 'node:crypto';
import { LeashError } from '../../host/errors.ts';
import { accept } from '../../review/accept.ts';
import { type Change, letterOf } from '../../review/change.ts';
import { pendingChanges } from '../../review/changes.ts';
import { diffOf, nameOf } from '../../review/diff.ts';
import { discard } from '../../review/discard.ts';
import { bytesOf } from '../../review/name.ts';
import { findReview, type Review } from '../../review/record.ts';
import type { ChangeChoice, ChangesAccepted, ChangesDiscarded, ChangeText, ChangeView } from '../../schema/api.ts';

export type ReviewOrder =
  | { readonly act: 'list'; readonly session: string }
  | { readonly act: 'text'; readonly session: string; readonly change: string }
  | { readonly act: 'accept'; readonly session: string; readonly choice: ChangeChoice; readonly force: boolean }
  | { readonly act: 'discard'; readonly session: string; readonly choice: ChangeChoice };

export interface Listed {
  readonly changes: readonly ChangeView[];
  readonly total: number;
}

const CHANGES_MAX = 5_000;
const LINES_MAX = 5_000;
const LINE_LENGTH_MAX = 2_000;
const NAMES_MAX = 200;

/** Of its place and its bytes: short, whatever the path is, and of no meaning to a file system. */
export function idOf({ root, path }: Pick<Change, 'root' | 'path'>): string {
  return createHash('sha256').update(`${root}\0`).update(bytesOf(path)).digest('base64url').slice(0, 22);
}

function viewOf(review: Review, change: Change): ChangeView {
  const { before, after, isConflict, refused, note } = change;
  return {
    id: idOf(change),
    name: nameOf(review, change),
    change: letterOf(change),
    kind: (after ?? before)?.kind ?? 'file',
    ...(before && { before: before.size }),
    ...(after && { after: after.size }),
    isConflict,
    ...(refused !== undefined && { refused }),
    ...(note !== undefined && { note }),
  };
}

/** All or nothing: who names what no longer waits looked at something else. Throws LEASH_REVIEW_NONE. */
function chosen(all: readonly Change[], choice: ChangeChoice): readonly Change[] {
  if ('all' in choice) return all;
  const wanted = new Set(choice.ids);
  const found = all.filter((change) => wanted.has(idOf(change)));
  if (found.length === wanted.size) return found;
  const gone = wanted.size - found.length;
  throw new LeashError('LEASH_REVIEW_NONE', `${gone} of the ${wanted.size} chosen changes wait no longer`);
}

function textOf(review: Review, id: string): ChangeText {
  const change = pendingChanges(review).find((one) => idOf(one) === id);
  if (change === undefined) throw new LeashError('LEASH_REVIEW_NONE', 'no such change waits');
  const { lines, ...rest } = diffOf(review, change);
  const shown = lines.slice(0, LINES_MAX).map((line) => line.slice(0, LINE_LENGTH_MAX));
  const isCut = shown.length < lines.length || shown.some((line, at) => line.length < (lines[at]?.length ?? 0));
  return { ...rest, id, lines: shown, isCut };
}

function accepted(review: Review, choice: ChangeChoice, isForced: boolean): ChangesAccepted {
  const done = accept(review, (all) => chosen(all, choice), { isForced });
  const names = (changes: readonly Change[]): string[] =>
    changes.slice(0, NAMES_MAX).map((change) => nameOf(review, change));
  return {
    accepted: done.accepted.length,
    conflicts: names(done.conflicts),
    refused: names(done.refused),
    kept: done.kept.slice(0, NAMES_MAX),
  };
}

/** Throws LEASH_REVIEW, LEASH_REVIEW_NONE. */
export function answerOrder(order: ReviewOrder): Listed | ChangeText | ChangesAccepted | ChangesDiscarded {
  const review = findReview(order.session);
  if (review === undefined) {
    if (order.act === 'list') return { changes: [], total: 0 };
    throw new LeashError('LEASH_REVIEW_NONE', `no changes of session ${order.session} wait`);
  }
  switch (order.act) {
    case 'list': {
      const all = pendingChanges(review);
      return { changes: all.slice(0, CHANGES_MAX).map((change) => viewOf(review, change)), total: all.length };
    }
    case 'text':
      return textOf(review, order.change);
    case 'accept':
      return accepted(review, order.choice, order.force);
    case 'discard':
      return { discarded: discard(review, (all) => chosen(all, order.choice)).length };
  }
}
