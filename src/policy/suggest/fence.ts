// The profile `base` in; what no suggestion may permit, as a policy set that permits everything else, out.
import type { GuardedChecker } from '../check/check-guarded.ts';
import { type Policy, readPolicy } from '../evaluate/policy.ts';
import { outline } from '../explain/outline.ts';
import { composeProfiles } from '../profile.ts';

export const EVERYTHING = '@id("everything") permit(principal, action, resource);';

/**
 * Credentials, private keys, what a repository would run outside the sandbox, programs that change the machine: the forbids of `base`, so
 * that there is one list of them. `today` is a day in UTC, `YYYY-MM-DD`.
 */
export function fencePolicies(checker: GuardedChecker, today: string): readonly Policy[] {
  const forbids = outline(composeProfiles(['base']), today).filter(({ effect }) => effect === 'forbid');
  const text = [EVERYTHING, ...forbids.map((statement) => statement.text)].join('\n');
  return checker.check({ name: 'base', text }, today).policies.map(readPolicy);
}
