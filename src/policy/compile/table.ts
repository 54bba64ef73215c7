// From policies to the table image: which file and exec requests the warden may decide by path alone, and how.
import { type Action, FILE_ACTIONS } from '../../schema/request.ts';
import type { Policy } from '../evaluate/policy.ts';
import type { SessionFacts } from '../facts.ts';
import { type Automaton, buildAutomaton } from './automaton.ts';
import { FALSE, type Node, TRUE } from './bdd.ts';
import type { Goal } from './goals.ts';
import { TABLE_ALLOW, TABLE_DENY, TABLE_QUERY, writeImage } from './image.ts';
import { PathDomain } from './path-domain.ts';
import { SymbolicEvaluator } from './symbolic.ts';

interface Guarded {
  readonly policy: Policy;
  readonly guard: Node;
}

function goalOf(guarded: readonly Guarded[], always: readonly Node[]): Goal {
  const guards = (effect: Policy['effect']): Node[] =>
    guarded.filter(({ policy }) => policy.effect === effect).map(({ guard }) => guard);
  return { permits: guards('permit'), forbids: [...guards('forbid'), ...always] };
}

function verdictBits(residual: Node): number {
  if (residual === TRUE) return TABLE_ALLOW;
  return residual === FALSE ? TABLE_DENY : TABLE_QUERY;
}

/** Goals come in pairs, enforced set and set with shadow policies, in the order of the actions. */
function packLabel(residuals: readonly Node[]): number {
  return residuals.reduce((label, residual, i) => label | (verdictBits(residual) << (2 * i)), 0);
}

function compileClass(policies: readonly Policy[], facts: SessionFacts, actions: readonly Action[]): Automaton {
  const domain = new PathDomain(facts);
  const evaluator = new SymbolicEvaluator(domain);
  const goals = actions.flatMap((action) => {
    domain.select(action);
    const guarded = policies
      .map((policy) => ({ policy, guard: evaluator.satisfied(policy) }))
      .filter(({ guard }) => guard !== FALSE);
    // A directory cannot be executed: outside the schema, so denied whatever the policies say.
    const always = action === 'ProcessExec' ? [domain.isType('resource', 'Dir')] : [];
    return [guarded.filter(({ policy }) => !policy.shadow), guarded].map((set) => goalOf(set, always));
  });
  return buildAutomaton(domain.bdd, domain.atoms.of('resource'), goals, packLabel);
}

/**
 * Compiles the classes TABLE_FILE (bits in the order of FILE_ACTIONS, the same as enum wire_file_action) and TABLE_EXEC.
 * A path that is not UTF-8 has no Cedar value: whoever walks the image denies it first. `facts` are canonical.
 * Throws TooComplex.
 */
export function compileTable(policies: readonly Policy[], facts: SessionFacts): Uint8Array {
  return writeImage([compileClass(policies, facts, FILE_ACTIONS), compileClass(policies, facts, ['ProcessExec'])]);
}
