// A review as a whole in; one process at a time at work on it, and nothing of it left once all is settled, out.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { isRunning } from '../host/is-running.ts';
import { pendingChanges } from './changes.ts';
import { fromText } from './name.ts';
import { Originals } from './originals.ts';
import { codeOf, type Review } from './record.ts';
import { removeTree } from './remove-tree.ts';

function take(lock: string): boolean {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @throws {LeashError} LEASH_REVIEW when another process is at it, or the system refuses something */
export function exclusively<Result>(review: Review, work: () => Result): Result {
  const lock = path.join(review.dir, 'lock');
  if (!take(lock)) {
    const pid = Number(fs.readFileSync(lock, 'utf8')) || 0;
    if (pid > 0 && pid !== process.pid && isRunning(pid))
      throw new LeashError('LEASH_REVIEW', `process ${pid} is at work on the changes of session ${review.record.id}`);
    fs.rmSync(lock, { force: true }); // left by one that was killed
    if (!take(lock)) throw new LeashError('LEASH_REVIEW', `another process took the changes of ${review.record.id}`);
  }
  try {
    return work();
  } catch (cause) {
    if (cause instanceof LeashError || !(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new LeashError(
      'LEASH_REVIEW',
      `the changes of session ${review.record.id} were not ended: ${cause.message}`,
      { cause },
    );
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

/** Gone, with all the agent left in it. */
export function removeReview(review: Review): void {
  removeTree(path.dirname(review.dir), fromText(path.basename(review.dir)));
}

/** Nothing is left to decide: what is kept are only the replaced works of others, if there are any. */
export function removeSettled(review: Review, env: NodeJS.ProcessEnv = process.env): boolean {
  if (pendingChanges(review, env).length > 0) return false;
  if (!new Originals(review).hasLasting) {
    removeReview(review);
    return true;
  }
  fs.rmSync(path.join(review.dir, 'review.json'), { force: true });
  for (const root of review.record.roots.keys()) removeTree(review.dir, String(root));
  return true;
}
