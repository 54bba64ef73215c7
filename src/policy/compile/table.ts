// From policies to the table image: which file and exec requests the warden may decide by path and program, and how.
import { type Action, FILE_ACTIONS } from '../../schema/request.ts';
import type { Policy } from '../evaluate/policy.ts';
import type { SessionFacts } from '../facts.ts';
import type { Atom } from './atoms.ts';
import { type Automaton, buildAutomaton } from './automaton.ts';
import { FALSE, type Node, TRUE } from './bdd.ts';
import type { Goal } from './goals.ts';
import { TABLE_ALLOW, TABLE_DENY, TABLE_QUERY, writeImage } from './image.ts';
import { PathDomain } from './path-domain.ts';
import { classifyPrograms } from './program-classes.ts';
import { ProgramRows } from './program-rows.ts';
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

/** The goals of the actions, two each: without and with shadow policies. */
function goalsOf(policies: readonly Policy[], domain: PathDomain, actions: readonly Action[]): readonly Goal[] {
  const evaluator = new SymbolicEvaluator(domain);
  return actions.flatMap((action) => {
    domain.select(action);
    const guarded = policies
      .map((policy) => ({ policy, guard: evaluator.satisfied(policy) }))
      .filter(({ guard }) => guard !== FALSE);
    // A directory cannot be executed: outside the schema, so denied whatever the policies say.
    const always = action === 'ProcessExec' ? [domain.isType('resource', 'Dir')] : [];
    return [guarded.filter(({ policy }) => !policy.shadow), guarded].map((set) => goalOf(set, always));
  });
}

/** The atoms of one string that the goals depend on. */
function atomsOf({ atoms, bdd }: PathDomain, dimension: string, goals: readonly Goal[]): readonly Atom[] {
  const guards = new Set(goals.flatMap(({ permits, forbids }) => [...permits, ...forbids]));
  const needed = new Set([...guards].flatMap((guard) => bdd.support(guard)));
  return atoms.of(dimension).filter(({ variable }) => needed.has(variable));
}

/**
 * Compiles the classes TABLE_FILE (bits in the order of FILE_ACTIONS, the same as enum wire_file_action), TABLE_EXEC and TABLE_PROGRAM.
 * A path that is not UTF-8 has no Cedar value: whoever walks the image denies it first. `facts` are canonical.
 * Throws TooComplex.
 */
export function compileTable(policies: readonly Policy[], facts: SessionFacts): Uint8Array {
  const domain = new PathDomain(facts);
  const file = goalsOf(policies, domain, FILE_ACTIONS);
  const exec = goalsOf(policies, domain, ['ProcessExec']);
  const programs = classifyPrograms(atomsOf(domain, 'context.proc.exe', [...file, ...exec]));
  const rows = new ProgramRows(domain.bdd, programs, packLabel);
  const automaton = (goals: readonly Goal[]): Automaton =>
    buildAutomaton(domain.bdd, atomsOf(domain, 'resource', goals), goals, (residuals) => rows.label(residuals));
  return writeImage({
    automata: [automaton(file), automaton(exec), programs.automaton],
    programs: programs.classes.length,
    rows: rows.rows,
  });
}
