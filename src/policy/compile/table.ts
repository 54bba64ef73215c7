// From policies to the table image: which file and exec requests the warden may decide by path alone, and how.
import { type Action, FILE_ACTIONS } from '../../schema/request.ts';
import type { Policy } from '../evaluate/policy.ts';
import type { SessionFacts } from '../facts.ts';
import { type Automaton, buildAutomaton } from './automaton.ts';
import { FALSE, type Node, TRUE } from './bdd.ts';
import type { Goal } from './goals.ts';
import { TABLE_ALLOW, TABLE_ASK, TABLE_DENY, TABLE_QUERY, writeImage } from './image.ts';
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

/** What is allowed without asking anyone, and what is allowed when every question is answered yes; the same goal when none is asked. */
function strictAndLenient(guarded: readonly Guarded[], always: readonly Node[]): readonly [Goal, Goal] {
  const without = (effect: Policy['effect']): readonly Guarded[] =>
    guarded.filter(({ policy }) => policy.ask === undefined || policy.effect !== effect);
  const strict = goalOf(without('permit'), always);
  return [strict, guarded.some(({ policy }) => policy.ask !== undefined) ? goalOf(without('forbid'), always) : strict];
}

function verdictBits(strict: Node, lenient: Node): number {
  if (strict === TRUE) return TABLE_ALLOW;
  if (lenient === FALSE) return TABLE_DENY;
  return strict === FALSE && lenient === TRUE ? TABLE_ASK : TABLE_QUERY;
}

/** The goals of one action: strict and lenient of the enforced set, then of the set with shadow policies. */
function actionGoals(policies: readonly Policy[], action: Action, domain: PathDomain): readonly Goal[] {
  domain.select(action);
  const evaluator = new SymbolicEvaluator(domain);
  const guarded = policies
    .map((policy) => ({ policy, guard: evaluator.satisfied(policy) }))
    .filter(({ guard }) => guard !== FALSE);
  // A directory cannot be executed: outside the schema, so denied whatever the policies say.
  const always = action === 'ProcessExec' ? [domain.isType('resource', 'Dir')] : [];
  const enforced = guarded.filter(({ policy }) => !policy.shadow);
  const goals = strictAndLenient(enforced, always);
  return [...goals, ...(enforced.length === guarded.length ? goals : strictAndLenient(guarded, always))];
}

function compileClass(policies: readonly Policy[], facts: SessionFacts, actions: readonly Action[]): Automaton {
  const domain = new PathDomain(facts);
  const goals = actions.flatMap((action) => actionGoals(policies, action, domain));
  const distinct = [...new Set(goals)];
  const places = goals.map((goal) => distinct.indexOf(goal));
  const labelOf = (residuals: readonly Node[]): number => {
    let label = 0;
    for (let i = 0; i < places.length; i += 2) {
      label |= verdictBits(residuals[places[i]!]!, residuals[places[i + 1]!]!) << i;
    }
    return label;
  };
  return buildAutomaton(domain.bdd, domain.atoms.of('resource'), distinct, labelOf);
}

/**
 * Compiles the classes TABLE_FILE (bits in the order of FILE_ACTIONS, the same as enum wire_file_action) and TABLE_EXEC.
 * A path that is not UTF-8 has no Cedar value: whoever walks the image denies it first. `facts` are canonical.
 * Throws TooComplex.
 */
export function compileTable(policies: readonly Policy[], facts: SessionFacts): Uint8Array {
  return writeImage([compileClass(policies, facts, FILE_ACTIONS), compileClass(policies, facts, ['ProcessExec'])]);
}
