// Recorded sessions and a policy to add to in; a proven suggestion, with all that speaks for it, out.
import type { SessionSummary } from '../../journal/session-list.ts';
import { cedarSchema } from '../../policy/cedar-schema.ts';
import { GuardedChecker } from '../../policy/check/check-guarded.ts';
import { today } from '../../policy/load.ts';
import { fencePolicies } from '../../policy/suggest/fence.ts';
import { suggest } from '../../policy/suggest/suggest.ts';
import { type GatherOptions, gather } from './gather.ts';
import type { SuggestionReport } from './suggestion-report.ts';

export interface SuggestWishes extends Pick<GatherOptions, 'base' | 'since' | 'withDenied'> {
  /** Nothing but what was seen. */
  readonly isExact: boolean;
}

/** @throws {LeashError} LEASH_POLICY_INVALID, LEASH_JOURNAL_CORRUPT */
export async function suggestFrom(
  sessions: readonly SessionSummary[],
  { isExact, ...wishes }: SuggestWishes,
): Promise<SuggestionReport> {
  const [checker, day] = [new GuardedChecker(cedarSchema()), today()];
  const gathered = await gather(sessions, { ...wishes, checker, today: day });
  const fence = fencePolicies(checker, day);
  return { suggestion: suggest(gathered.evidence, { checker, fence, today: day, isExact }), gathered };
}
