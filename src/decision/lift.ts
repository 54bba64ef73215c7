// A verdict that asks and how its question ended in, the verdict that holds out: an approval lifts it, nothing else does.
import type { Approval, SettledBy } from '../schema/approval.ts';
import type { Verdict } from '../schema/verdict.ts';

const WHY: Readonly<Record<SettledBy, string>> = {
  once: '',
  session: '',
  always: '',
  denied: 'a person refused',
  timeout: 'nobody answered in time',
  nobody: 'a person must agree, and nobody was asked',
  flood: 'a person must agree, and too many questions are open already',
  withdrawn: 'a person must agree, and it was given up before anybody answered',
};

export function isApproval({ by }: Approval): boolean {
  return by === 'once' || by === 'session' || by === 'always';
}

/** `verdict` has a question. What was decided without one is not changed. */
export function lift<V extends Verdict & { readonly enforced?: boolean }>(verdict: V, approval: Approval): V {
  if (verdict.ask === undefined) return verdict;
  if (!isApproval(approval)) return { ...verdict, reason: `${WHY[approval.by]}: ${verdict.ask}`, approval };
  const { reason: _refused, ...rest } = verdict;
  return { ...(rest as V), effect: 'allow', ...('enforced' in verdict && { enforced: true }), approval };
}
