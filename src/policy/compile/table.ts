// From policies to the table image: which file and exec requests the warden may decide by path and program, and how.
import { type Action, FILE_ACTIONS } from '../../schema/request.ts';
import type { Policy } from '../evaluate/policy.ts';
import type { SessionFacts } from '../facts.ts';
import { type Atom, TooComplex } from './atoms.ts';
import { type Automaton, buildAutomaton } from './automaton.ts';
import { FALSE, type Node, TRUE } from './bdd.ts';
import type { Goal } from './goals.ts';
import { TABLE_ALLOW, TABLE_ASK, TABLE_DENY, TABLE_QUERY, writeImage } from './image.ts';
import { PathDomain } from './path-domain.ts';
import { classifyPrograms } from './program-classes.ts';
import { ProgramRows } from './program-rows.ts';
import { RESIDUAL_SHIFT, ResidualNumbers } from './residual-numbers.ts';
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

/** Goals come in pairs, strict and lenient; the pairs in pairs, enforced set and set with shadow policies; those in the order of the actions. */
function packLabel(residuals: readonly Node[], numbers: ResidualNumbers): number {
  // Programs are not moved by being executed.
  let label = residuals.length > 4 ? numbers.of(residuals) << RESIDUAL_SHIFT : 0;
  for (let i = 0; i < residuals.length; i += 2) label |= verdictBits(residuals[i]!, residuals[i + 1]!) << i;
  return label;
}

/**
 * What a diagram may grow to, in entries of its tables, before it is begun afresh: policies that are gone leave theirs behind.
 * About 100 MB; a set that needs more by itself may grow to four times that.
 */
const MAX_DIAGRAM = 1_000_000;

/** Guards of the strict and lenient goals of an action: enforced set, then the set with shadow policies. */
function actionGoals(policies: readonly Policy[], guards: readonly Node[], always: readonly Node[]): readonly Goal[] {
  const guarded = policies
    .map((policy, index) => ({ policy, guard: guards[index]! }))
    .filter(({ guard }) => guard !== FALSE);
  const enforced = guarded.filter(({ policy }) => !policy.shadow);
  const goals = strictAndLenient(enforced, always);
  // Without shadow policies both sets are one, and so are their goals.
  return [...goals, ...(enforced.length === guarded.length ? goals : strictAndLenient(guarded, always))];
}

const EXEC = 'ProcessExec';
const ACTIONS: readonly Action[] = [...FILE_ACTIONS, EXEC];

/**
 * Compiles policy sets for one session, each quickly when most of its statements were compiled before: a statement is known by its scope
 * object. The image is the same as that of a compiler that has seen nothing.
 */
export class TableCompiler {
  readonly #facts: SessionFacts;
  #domain: PathDomain;
  #evaluator: SymbolicEvaluator;
  /** One an action, by the scope object, which policies read from one statement share. */
  #guards: WeakMap<Policy['scope'], readonly Node[]>;
  #isFresh = true;
  #limit = MAX_DIAGRAM;

  /** `facts` are canonical. */
  constructor(facts: SessionFacts) {
    this.#facts = facts;
    this.#domain = new PathDomain(facts);
    this.#evaluator = new SymbolicEvaluator(this.#domain);
    this.#guards = new WeakMap();
  }

  /**
   * Compiles the classes TABLE_FILE (bits in the order of FILE_ACTIONS, the same as enum wire_file_action), TABLE_EXEC and
   * TABLE_PROGRAM. A path that is not UTF-8 has no Cedar value: whoever walks the image denies it first. Throws TooComplex.
   */
  compile(policies: readonly Policy[]): Uint8Array {
    if (this.#domain.bdd.size > this.#limit) this.#beginAfresh();
    try {
      const image = this.#build(policies);
      if (this.#isFresh) this.#limit = Math.max(MAX_DIAGRAM, 4 * this.#domain.bdd.size);
      this.#isFresh = false;
      return image;
    } catch (cause) {
      const wasFresh = this.#isFresh;
      this.#beginAfresh();
      // What policies that are gone have left behind counts against nobody.
      if (cause instanceof TooComplex && !wasFresh) return this.compile(policies);
      throw cause;
    }
  }

  #beginAfresh(): void {
    this.#domain = new PathDomain(this.#facts);
    this.#evaluator = new SymbolicEvaluator(this.#domain);
    this.#guards = new WeakMap();
    this.#isFresh = true;
  }

  #build(policies: readonly Policy[]): Uint8Array {
    const { bdd } = this.#domain;
    const guards = policies.map((policy) => this.#guardsOf(policy));
    const goalsOf = (action: Action, always: readonly Node[]): readonly Goal[] => {
      const index = ACTIONS.indexOf(action);
      return actionGoals(
        policies,
        guards.map((perAction) => perAction[index]!),
        always,
      );
    };
    const file = FILE_ACTIONS.flatMap((action) => goalsOf(action, []));
    // A directory cannot be executed: outside the schema, so denied whatever the policies say.
    const exec = goalsOf(EXEC, [this.#domain.isType('resource', 'Dir')]);
    const programs = classifyPrograms(this.#atomsOf('context.proc.exe', [...file, ...exec]));
    const numbers = new ResidualNumbers(bdd, (variable) => this.#domain.isOfPath(variable));
    const rows = new ProgramRows(bdd, programs, (residuals) => packLabel(residuals, numbers));
    const automaton = (goals: readonly Goal[]): Automaton =>
      buildAutomaton(bdd, this.#atomsOf('resource', goals), goals, (residuals) => rows.label(residuals));
    return writeImage({
      automata: [automaton(file), automaton(exec), programs.automaton],
      programs: programs.classes.length,
      rows: rows.rows,
    });
  }

  /** The atoms of one string that the goals depend on. */
  #atomsOf(dimension: string, goals: readonly Goal[]): readonly Atom[] {
    const { atoms, bdd } = this.#domain;
    const needed = new Set<number>();
    const guards = new Set<Node>();
    for (const { permits, forbids } of new Set(goals)) {
      for (const guard of permits) guards.add(guard);
      for (const guard of forbids) guards.add(guard);
    }
    for (const guard of guards) for (const variable of bdd.support(guard)) needed.add(variable);
    return atoms.of(dimension).filter(({ variable }) => needed.has(variable));
  }

  #guardsOf(policy: Policy): readonly Node[] {
    let guards = this.#guards.get(policy.scope);
    if (guards === undefined) {
      guards = ACTIONS.map((action) => {
        this.#domain.select(action);
        return this.#evaluator.satisfied(policy);
      });
      this.#guards.set(policy.scope, guards);
    }
    return guards;
  }
}

/** Compiles one policy set. `facts` are canonical. Throws TooComplex. */
export function compileTable(policies: readonly Policy[], facts: SessionFacts): Uint8Array {
  return new TableCompiler(facts).compile(policies);
}
