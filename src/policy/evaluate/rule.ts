// One policy in; a function from a request's world to what Cedar says of the policy out.
import { type Closure, compileExpression, type World } from './closure.ts';
import type { Policy } from './policy.ts';

export type Outcome = 'satisfied' | 'not satisfied' | 'error';

export interface Rule {
  readonly policy: Policy;
  /** Of a request whose principal and action are in scope. */
  evaluate(world: World): Outcome;
}

/** By the scope object, which policies read from one statement share. */
const evaluators = new WeakMap<Policy['scope'], Rule['evaluate']>();

export function compileRule(policy: Policy): Rule {
  const evaluate = evaluators.get(policy.scope) ?? compileStatement(policy);
  evaluators.set(policy.scope, evaluate);
  return { policy, evaluate };
}

/** As Cedar evaluates a policy: an error, or a value that is no truth value, skips it. */
function compileStatement(policy: Policy): Rule['evaluate'] {
  const inScope = compileExpression(policy.scope.resource);
  const conditions = policy.conditions.map(({ wants, body }): readonly [boolean, Closure] => [
    wants,
    compileExpression(body),
  ]);
  return (world) => {
    const scope = inScope(world);
    if (scope?.kind !== 'bool' || !scope.value) return 'not satisfied';
    for (const [wants, test] of conditions) {
      const value = test(world);
      if (value?.kind !== 'bool') return 'error';
      if (value.value !== wants) return 'not satisfied';
    }
    return 'satisfied';
  };
}
