// What was taken over and what was not in, lines for a person out.
import type { Accepted } from '../../review/accept.ts';
import type { Change } from '../../review/change.ts';
import { nameOf } from '../../review/diff.ts';
import type { Review } from '../../review/record.ts';
import { say } from '../terminal.ts';

export function countOf(changes: readonly Change[]): string {
  return changes.length === 1 ? '1 change' : `${changes.length} changes`;
}

/** Whether all that was chosen is done. */
export function reportAccepted(review: Review, { accepted, conflicts, refused, kept }: Accepted): boolean {
  say(`leash: ${countOf(accepted)} accepted`);
  for (const change of conflicts)
    say(`leash: left as it is, it was changed on the host since the session began: ${nameOf(review, change)}`);
  for (const change of refused)
    say(`leash: not taken over, ${change.refused ?? 'it needs what is not taken over'}: ${nameOf(review, change)}`);
  for (const change of accepted.filter(({ note }) => note !== undefined))
    say(`leash: ${change.note}: ${nameOf(review, change)}`);
  for (const file of kept) say(`leash: what was there before is kept: ${file}`);
  if (conflicts.length > 0)
    say('leash: look with `leash diff`; `leash accept --force` takes them and keeps yours beside');
  return conflicts.length + refused.length === 0;
}
