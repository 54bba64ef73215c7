// What no automaton models (sets of arguments, comparison of two parts of a request): a variable for each such condition, and its reason.
import { referencesIn } from '../check/deciders.ts';
import type { Atoms } from '../compile/atoms.ts';
import type { Node } from '../compile/bdd.ts';
import type { Truth } from '../compile/symbolic.ts';

export class Unknowns {
  readonly #atoms: Atoms;
  readonly #reasons = new Map<number, readonly string[]>();

  constructor(atoms: Atoms) {
    this.#atoms = atoms;
  }

  truth(description: string): Truth {
    const truth = this.#atoms.unknown(description);
    const names = referencesIn(description);
    for (const node of [truth.yes, truth.no]) {
      for (const variable of this.#atoms.bdd.support(node)) this.#reasons.set(variable, names);
    }
    return truth;
  }

  /** The parts of a request that the unknown conditions in a diagram are about, sorted. */
  reasons(node: Node): readonly string[] {
    const names = this.#atoms.bdd.support(node).flatMap((variable) => this.#reasons.get(variable) ?? []);
    return [...new Set(names)].sort();
  }
}
