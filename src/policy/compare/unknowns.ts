// What no automaton models (sets of arguments, comparison of two parts of a request): a variable for each such condition, and its reason.
import type { Atoms } from '../compile/atoms.ts';
import type { Node } from '../compile/bdd.ts';
import type { Truth } from '../compile/symbolic.ts';

/** What a condition's description names: `context.argv`, `principal.session`. */
const NAMES = /\b(?:context|principal|resource)(?:\.[a-zA-Z0-9_]+)+/g;

export class Unknowns {
  readonly #atoms: Atoms;
  readonly #reasons = new Map<number, readonly string[]>();

  constructor(atoms: Atoms) {
    this.#atoms = atoms;
  }

  truth(description: string): Truth {
    const truth = this.#atoms.unknown(description);
    const names = description.match(NAMES) ?? [description];
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
