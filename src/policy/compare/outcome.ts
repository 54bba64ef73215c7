// The three outcomes of a request and their order, from diagrams of the strict and the lenient set, and from a verdict.
import type { Verdict } from '../../schema/verdict.ts';
import type { Bdd, Node } from '../compile/bdd.ts';
import type { Goal } from '../compile/goals.ts';
import type { Policy } from '../evaluate/policy.ts';

/** From the most restrictive to the least. */
export const OUTCOMES = ['deny', 'ask', 'allow'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function outcomeOf({ effect, ask }: Verdict): Outcome {
  return effect === 'allow' ? 'allow' : ask === undefined ? 'deny' : 'ask';
}

export const DIRECTIONS = ['newly allowed', 'newly denied'] as const;
/** To a less restrictive outcome, or to a more restrictive one. */
export type Direction = (typeof DIRECTIONS)[number];

export function directionOf(before: Outcome, after: Outcome): Direction | undefined {
  const change = OUTCOMES.indexOf(after) - OUTCOMES.indexOf(before);
  if (change === 0) return undefined;
  return change > 0 ? 'newly allowed' : 'newly denied';
}

export interface Guarded {
  readonly policy: Policy;
  /** Where the policy is satisfied. */
  readonly guard: Node;
}

/**
 * What is allowed without asking anyone, and what is allowed when every question is answered yes; shadow policies decide nothing.
 * The first implies the second.
 */
export function strictAndLenient(guarded: readonly Guarded[]): readonly [Goal, Goal] {
  const guards = (effect: Policy['effect'], withAsking: boolean): Node[] =>
    guarded
      .filter(({ policy }) => policy.effect === effect && !policy.shadow && (withAsking || policy.ask === undefined))
      .map(({ guard }) => guard);
  return [
    { permits: guards('permit', false), forbids: guards('forbid', true) },
    { permits: guards('permit', true), forbids: guards('forbid', false) },
  ];
}

/** Residuals of the goals of the old set and of the new one. */
export type Residuals = readonly [oldStrict: Node, oldLenient: Node, newStrict: Node, newLenient: Node];

/** Where the new set is less restrictive, and where it is more so. */
export function changes(bdd: Bdd, [oldStrict, oldLenient, newStrict, newLenient]: Residuals): readonly [Node, Node] {
  const butNot = (a: Node, b: Node): Node => bdd.and(a, bdd.not(b));
  return [
    bdd.or(butNot(newStrict, oldStrict), butNot(newLenient, oldLenient)),
    bdd.or(butNot(oldStrict, newStrict), butNot(oldLenient, newLenient)),
  ];
}
