// Changes that a person does not want in; they no longer wait, and the host is as it was, out.
import { resume } from './accept.ts';
import type { Change } from './change.ts';
import { pendingChanges } from './changes.ts';
import type { Review } from './record.ts';
import { withDependents } from './select.ts';
import { settle } from './settled.ts';
import { exclusively, removeSettled } from './whole.ts';

/**
 * With them go those that could not be taken over without them.
 * @param choose from all that waits
 * @throws {LeashError} LEASH_REVIEW
 */
export function discard(
  review: Review,
  choose: (all: readonly Change[]) => readonly Change[],
  env: NodeJS.ProcessEnv = process.env,
): readonly Change[] {
  return exclusively(review, () => {
    resume(review, { env });
    const all = pendingChanges(review, env);
    const discarded = withDependents(choose(all), all);
    settle(review, discarded);
    removeSettled(review, env);
    return discarded;
  });
}
