// A review as a whole in; one process at a time at work on it, and nothing of it left once all is settled, out.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { isRunning } from '../host/is-running.ts';
import { pendingChanges } from './changes.ts';
import { syncFolder } from './durable.ts';
import { fromText } from './name.ts';
import { Originals } from './originals.ts';
import { changesDir, codeOf, type Review, reviewedSessions } from './record.ts';
import { removeTree } from './remove-tree.ts';

const LOCK = 'lock';

function take(lock: string): boolean {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** 0 for nobody. */
function holder(lock: string): number {
  try {
    return Number(fs.readFileSync(lock, 'utf8')) || 0;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** @throws {LeashError} LEASH_REVIEW when another process is at it, or the system refuses something */
export function exclusively<Result>(review: Review, work: () => Result): Result {
  const lock = path.join(review.dir, LOCK);
  if (!take(lock)) {
    const pid = holder(lock);
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

type Step = (act: string) => void;

/** Takes the place of the record before anything is removed: a removal that a crash cut short is no review any more, and goes on. */
const OVER = 'over.json';

/** Leaves only the replaced works of others, if there are any, and that all else is over. Returns whether there was more. */
function clear(dir: string, step: Step): boolean {
  const { hasLasting } = new Originals({ dir });
  const rest = fs.readdirSync(dir).filter((name) => ![OVER, LOCK, 'replaced'].includes(name));
  for (const name of rest) {
    step('clear');
    removeTree(dir, fromText(name));
  }
  if (hasLasting) return rest.length > 0;
  step('vanish');
  removeTree(path.dirname(dir), fromText(path.basename(dir)));
  return true;
}

/** Gone, with all the agent left in it, but for the replaced works of others. */
export function removeReview({ dir }: Pick<Review, 'dir'>, step: Step = () => undefined): void {
  step('over');
  fs.renameSync(path.join(dir, 'review.json'), path.join(dir, OVER));
  syncFolder(dir);
  clear(dir, step);
}

/** Nothing is left to decide: what is kept are only the replaced works of others, if there are any. */
export function removeSettled(review: Review, env: NodeJS.ProcessEnv = process.env, step?: Step): boolean {
  if (pendingChanges(review, env).length > 0) return false;
  removeReview(review, step);
  return true;
}

/** What is there of a review: changes that wait, works of others that a person chose to replace, or nothing that counts. */
export function contentOf(dir: string): 'waiting' | 'replaced' | 'nothing' {
  const names = fs.existsSync(dir) ? fs.readdirSync(dir) : [];
  if (!names.includes(OVER)) return names.length > 0 ? 'waiting' : 'nothing';
  return names.includes('replaced') ? 'replaced' : 'nothing';
}

/** Goes on where a removal was cut short. Returns the folder of each. */
export function finishReviews(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return reviewedSessions(env)
    .map((id) => path.join(changesDir(env), id))
    .filter((dir) => {
      const pid = holder(path.join(dir, LOCK));
      return !(pid > 0 && isRunning(pid)) && fs.existsSync(path.join(dir, OVER)) && clear(dir, () => undefined);
    });
}
