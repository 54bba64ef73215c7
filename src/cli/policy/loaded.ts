// A policy text and facts in; the policy set a session would have, with its statements, out.
import { cacheDir } from '../../host/paths.ts';
import { cedarSchema } from '../../policy/cedar-schema.ts';
import { checkSource } from '../../policy/check/check-source.ts';
import type { PolicyRecord } from '../../policy/evaluate/policy.ts';
import { outline, type StatementOutline } from '../../policy/explain/outline.ts';
import type { SessionFacts } from '../../policy/facts.ts';
import { type GuardedSource, loadPolicies } from '../../policy/load.ts';
import type { PolicySet } from '../../policy/policy-set.ts';
import { policyFileGuard } from '../../session/policy-file.ts';
import { guarded } from '../../session/session-policy.ts';
import type { NamedSource } from './source.ts';

export interface LoadedPolicies {
  readonly set: PolicySet;
  /** The policies of the set, in its order. */
  readonly records: readonly PolicyRecord[];
  /** Every statement, expired ones too: those of the text, then those of Leash. */
  readonly outlines: readonly StatementOutline[];
}

/** A policy with the statements of Leash that a session would put beside it. `facts` are canonical. */
export function sessionSource({ file, ...source }: NamedSource, facts: SessionFacts): GuardedSource {
  if (file === undefined) return guarded(source, facts);
  return guarded({ ...source, guard: policyFileGuard(file) }, facts);
}

/** `today` is a day in UTC, `YYYY-MM-DD`. Throws LEASH_POLICY_INVALID, LEASH_WORKSPACE. */
export async function loadForPerson(
  source: GuardedSource,
  facts: SessionFacts,
  today: string,
): Promise<LoadedPolicies> {
  const set = await loadPolicies(source, facts, { cacheDir: cacheDir() });
  const parts = [source, ...(source.guard === undefined ? [] : [{ name: 'leash', text: source.guard }])];
  const schema = cedarSchema();
  return {
    set,
    records: parts.flatMap((part) => checkSource(part, schema, today).policies),
    outlines: parts.flatMap((part) => outline(part, today)),
  };
}
