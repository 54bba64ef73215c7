// Two policy sets and a request class in; out come the regions of requests that the sets decide differently, each with values of one request.
import type { Action } from '../../schema/request.ts';
import { TooComplex } from '../compile/atoms.ts';
import { type Bdd, FALSE, type Node } from '../compile/bdd.ts';
import type { Goal } from '../compile/goals.ts';
import { SymbolicEvaluator } from '../compile/symbolic.ts';
import type { Policy } from '../evaluate/policy.ts';
import type { SessionFacts } from '../facts.ts';
import { dependsOn, type Values } from './dimension.ts';
import { CompareDomain } from './domain.ts';
import { changes, DIRECTIONS, type Direction, type Guarded, type Residuals, strictAndLenient } from './outcome.ts';
import type { RequestClass } from './request-class.ts';
import { type Solution, Solver } from './solver.ts';
import type { Pair, Statements } from './statements.ts';

/** Requests that agree in every condition which makes a difference. */
export interface Region {
  readonly action: Action;
  readonly direction: Direction;
  readonly values: Values;
  readonly conditions: readonly string[];
  /** What the unmodelled conditions are about that the difference depends on; none when it is certain. */
  readonly undecided: readonly string[];
  /** The policies with such conditions. */
  readonly suspects: Pair<readonly Policy[]>;
}

/** Entries of the diagram's tables, about 100 bytes each; policies of people need a hundredth. */
const MAX_DIAGRAM = 5_000_000;

function checkSize({ size }: Bdd): void {
  if (size > MAX_DIAGRAM) throw new TooComplex(`more than ${MAX_DIAGRAM} entries in a decision diagram`);
}

/** Guards are the same for equal statements, whichever side they are on. */
class Guards {
  readonly #bdd: Bdd;
  readonly #evaluator: SymbolicEvaluator;
  readonly #known = new Map<Policy['scope'], Node>();

  constructor(domain: CompareDomain) {
    this.#bdd = domain.bdd;
    this.#evaluator = new SymbolicEvaluator(domain);
  }

  of(policies: readonly Policy[]): readonly Guarded[] {
    return policies.map((policy) => ({ policy, guard: this.#guardOf(policy) })).filter(({ guard }) => guard !== FALSE);
  }

  #guardOf(policy: Policy): Node {
    let guard = this.#known.get(policy.scope);
    if (guard === undefined) {
      guard = this.#evaluator.satisfied(policy);
      checkSize(this.#bdd);
      this.#known.set(policy.scope, guard);
    }
    return guard;
  }
}

/** Where the sets differ in each action and direction, as far as the goals' residuals tell: two nodes an action. */
function changesOf(bdd: Bdd, residuals: readonly Node[]): readonly Node[] {
  const nodes: Node[] = [];
  for (let i = 0; i < residuals.length; i += 4)
    nodes.push(...changes(bdd, residuals.slice(i, i + 4) as unknown as Residuals));
  return nodes;
}

function goalNode(bdd: Bdd, { permits, forbids }: Goal): Node {
  const any = (nodes: readonly Node[]): Node => nodes.reduce((all, node) => bdd.or(all, node), FALSE);
  return bdd.and(any(permits), bdd.not(any(forbids)));
}

/** Text of the main dimension, with two nodes an action. */
interface Place {
  readonly nodes: readonly Node[];
  readonly values: readonly (readonly [string, string])[];
  readonly conditions: readonly string[];
}

/** Regions are told apart by the edited statements that apply in them, if those are not too many. */
const MAX_TOLD_APART = 64;

function places({ main, subjects }: RequestClass, actions: readonly ActionGoals[]): readonly Place[] {
  const { bdd } = subjects.atoms;
  const goals = actions.flatMap((action) => action.goals);
  if (main === undefined) {
    const residuals = goals.map((goal) => goalNode(bdd, goal));
    return [{ nodes: changesOf(bdd, residuals), values: [], conditions: [] }];
  }
  const edited = [...new Set(actions.flatMap((action) => action.edited))];
  const causes = (edited.length > MAX_TOLD_APART ? [] : edited).map((node): Goal => ({ permits: [node], forbids: [] }));
  // Label 0: no difference.
  const rows: (readonly Node[])[] = [[]];
  const labels = new Map<string, number>();
  const labelOf = (residuals: readonly Node[]): number => {
    checkSize(bdd);
    const nodes = changesOf(bdd, residuals.slice(0, goals.length));
    if (nodes.every((node) => node === FALSE)) return 0;
    const key = [...nodes, ...residuals.slice(goals.length)].join();
    let label = labels.get(key);
    if (label === undefined) {
      label = rows.push(nodes) - 1;
      labels.set(key, label);
    }
    return label;
  };
  return main.label([...goals, ...causes], labelOf, new Map()).map(({ label, value, condition }) => ({
    nodes: rows[label]!,
    values: [[main.name, value]],
    conditions: condition === undefined ? [] : [condition],
  }));
}

interface ActionGoals {
  readonly action: Action;
  readonly guarded: Pair<readonly Guarded[]>;
  /** Strict and lenient of the old set, then of the new one. */
  readonly goals: readonly Goal[];
  /** Where each edited statement is satisfied. */
  readonly edited: readonly Node[];
}

/** Equal for goals that are surely the same function. */
function goalKey(goals: readonly Goal[]): string {
  const sorted = (nodes: readonly Node[]): readonly Node[] => [...new Set(nodes)].sort((a, b) => a - b);
  return JSON.stringify(goals.map(({ permits, forbids }) => [sorted(permits), sorted(forbids)]));
}

/** Undefined when no edited statement makes a difference to the action: then the many others need not be evaluated. */
function goalsOf(
  action: Action,
  kind: RequestClass,
  { all, edited }: Statements,
  facts: SessionFacts,
): ActionGoals | undefined {
  const guards = new Guards(new CompareDomain(action, kind.subjects, facts));
  const changed = { old: guards.of(edited.old), new: guards.of(edited.new) };
  if (goalKey(strictAndLenient(changed.old)) === goalKey(strictAndLenient(changed.new))) return undefined;
  const guarded = { old: guards.of(all.old), new: guards.of(all.new) };
  const goals = [guarded.old, guarded.new].flatMap(strictAndLenient);
  return { action, guarded, goals, edited: [...changed.old, ...changed.new].map(({ guard }) => guard) };
}

/** Policies that depend on something the diagram depends on. */
function suspectsOf(bdd: Bdd, guarded: readonly Guarded[], node: Node): readonly Policy[] {
  const variables = bdd.support(node);
  return guarded.filter(({ guard }) => dependsOn(bdd, guard, variables)).map(({ policy }) => policy);
}

/** Dimensions that were solved as if they were independent, and are not. */
function coupledIn({ coupled = [] }: RequestClass, conditions: Solution['conditions']): readonly string[] {
  return coupled.flatMap(([one, others]) => {
    const asked = others.filter((name) => conditions.has(name));
    return conditions.has(one) && asked.length > 0 ? [one, ...asked] : [];
  });
}

/**
 * Every region of one class in which the sets differ, those with short texts first.
 * `facts` are canonical. Throws TooComplex.
 */
export function differentRegions(kind: RequestClass, statements: Statements, facts: SessionFacts): readonly Region[] {
  const { atoms, unknowns } = kind.subjects;
  const actions = kind.actions.flatMap((action) => goalsOf(action, kind, statements, facts) ?? []);
  if (actions.length === 0) return [];
  const solver = new Solver(kind.dimensions);
  const regionOf = (place: Place, index: number, { values, conditions, rest }: Solution): Region => {
    const { action, guarded } = actions[index >> 1]!;
    const coupled = coupledIn(kind, conditions);
    const open = coupled.length > 0 ? place.nodes[index]! : rest;
    return {
      action,
      direction: DIRECTIONS[index & 1]!,
      values: new Map([...place.values, ...values]),
      conditions: [...place.conditions, ...conditions.values()],
      undecided: [...unknowns.reasons(rest), ...coupled],
      suspects: { old: suspectsOf(atoms.bdd, guarded.old, open), new: suspectsOf(atoms.bdd, guarded.new, open) },
    };
  };
  return places(kind, actions).flatMap((place) =>
    place.nodes.flatMap((node, index) => solver.solve(node).map((solution) => regionOf(place, index, solution))),
  );
}
