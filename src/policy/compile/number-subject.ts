// A number of a request (port, uid, count of arguments): comparisons with constants, as atoms.
import { type Bdd, FALSE, type Node, TRUE } from './bdd.ts';
import type { NumberAtoms, Term } from './term.ts';

export interface Interval {
  readonly low: bigint;
  readonly high: bigint;
}

export class NumberSubject implements NumberAtoms {
  /** Where policies find it: `context.port`. */
  readonly name: string;
  /** The values a request can have. */
  readonly limits: Interval;
  readonly #bdd: Bdd;
  readonly #variables = new Map<bigint, number>();

  constructor(name: string, limits: Interval, bdd: Bdd) {
    this.name = name;
    this.limits = limits;
    this.#bdd = bdd;
  }

  get term(): Term {
    return { kind: 'someNumber', subject: this };
  }

  /** For each bound that a policy names the variable that holds for numbers up to it. */
  get bounds(): ReadonlyMap<bigint, number> {
    return this.#variables;
  }

  atMost(bound: bigint): Node {
    if (bound < this.limits.low) return FALSE;
    if (bound >= this.limits.high) return TRUE;
    let variable = this.#variables.get(bound);
    if (variable === undefined) {
      variable = this.#bdd.newVariable();
      this.#variables.set(bound, variable);
    }
    return this.#bdd.literal(variable);
  }

  equals(value: bigint): Node {
    return this.#bdd.and(this.atMost(value), this.#bdd.not(this.atMost(value - 1n)));
  }
}
