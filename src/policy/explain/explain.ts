// A request and the policies in force in; the verdict and what each policy had to do with it out.
import type { Request } from '../../schema/request.ts';
import type { Verdict } from '../../schema/verdict.ts';
import { type Policy, type PolicyRecord, readPolicy } from '../evaluate/policy.ts';
import { worldOf } from '../evaluate/world.ts';
import { canonicalFacts, type SessionFacts } from '../facts.ts';
import type { PolicySet } from '../policy-set.ts';
import { type Decider, deciderOf } from './decider.ts';
import { type Trace, tracePolicy } from './trace.ts';

export interface Explanation {
  readonly request: Request;
  readonly verdict: Verdict;
  readonly decidedBy: Decider;
  /** Traces of the policies that determined the verdict: all satisfied forbids, or all satisfied permits. */
  readonly determining: readonly Trace[];
  /** Of a default deny: enforced permits that speak of the action, nearest first. */
  readonly nearest: readonly Trace[];
  /** Satisfied shadow policies: they decide nothing yet. */
  readonly shadow: readonly Trace[];
  /** Policies that Cedar skipped because their evaluation failed. */
  readonly errors: readonly Trace[];
}

const MOST_NEAREST = 3;

/** Permits that failed after their action had matched, those with the most parts that held first. */
function nearestOf(traces: readonly Trace[]): readonly Trace[] {
  return traces
    .filter(({ policy, outcome, failure }) => {
      const isPermit = policy.effect === 'permit' && !policy.shadow;
      return isPermit && outcome !== 'satisfied' && failure?.part !== 'action';
    })
    .toSorted((a, b) => b.held - a.held)
    .slice(0, MOST_NEAREST);
}

function idsOf(traces: readonly Trace[]): string {
  return traces
    .map(({ policy }) => policy.id)
    .toSorted()
    .join();
}

/**
 * Explains what `set` decides. `records` are the policies of the same set. Policies of other actions, and a request that has no
 * Cedar form (a path that is not canonical), have no traces.
 */
export function explainRequest(
  set: PolicySet,
  records: readonly PolicyRecord[],
  sessionFacts: SessionFacts,
  request: Request,
): Explanation {
  const facts = canonicalFacts(sessionFacts);
  const verdict = set.decide(request);
  const traces = traceAll(records.map(readPolicy), facts, request);
  const satisfied = traces.filter(({ outcome }) => outcome === 'satisfied');
  const determining = satisfied.filter(({ policy }) => verdict.policies.includes(policy.id));
  // The verdict is the evaluator's; what is said about it must be about the same evaluation.
  if (idsOf(determining) !== verdict.policies.toSorted().join()) {
    throw new Error(`the trace of ${request.action} does not lead to its verdict`);
  }
  return {
    request,
    verdict,
    decidedBy: deciderOf(set.image, request),
    determining,
    nearest: verdict.effect === 'deny' && determining.length === 0 ? nearestOf(traces) : [],
    shadow: satisfied.filter(({ policy }) => policy.shadow),
    errors: traces.filter(({ outcome }) => outcome === 'error'),
  };
}

/** Cedar has no value for such a request, so no policy is evaluated and it is denied. */
function traceAll(policies: readonly Policy[], facts: SessionFacts, request: Request): readonly Trace[] {
  try {
    const world = worldOf(request, facts);
    return policies.map((policy) => tracePolicy(policy, world));
  } catch (cause) {
    if (cause instanceof TypeError) return [];
    throw cause;
  }
}
