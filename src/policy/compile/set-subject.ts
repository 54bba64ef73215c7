// A set of a request (arguments, programs before this one): whether it contains a constant, as atoms.
import type { Value } from '../evaluate/value.ts';
import { type Bdd, FALSE, type Node } from './bdd.ts';
import type { SetAtoms, Term } from './term.ts';

export interface SetDescription {
  /** Where policies find it: `context.argv`. */
  readonly name: string;
  /** The text of an element; undefined for a value that the set never contains. */
  textOf(element: Value): string | undefined;
  readonly mayBeEmpty: boolean;
}

export class SetSubject implements SetAtoms {
  readonly name: string;
  readonly #bdd: Bdd;
  readonly #description: SetDescription;
  readonly #variables = new Map<string, number>();
  #emptiness: number | undefined;

  constructor(bdd: Bdd, description: SetDescription) {
    this.name = description.name;
    this.#bdd = bdd;
    this.#description = description;
  }

  get term(): Term {
    return { kind: 'someSet', subject: this };
  }

  /** For the text of each element that a policy names the variable that holds when the set contains it. */
  get elements(): ReadonlyMap<string, number> {
    return this.#variables;
  }

  /** The variable that holds for the empty set, if a policy asks for that. */
  get emptiness(): number | undefined {
    return this.#emptiness;
  }

  contains(element: Value): Node {
    const text = this.#description.textOf(element);
    if (text === undefined) return FALSE;
    let variable = this.#variables.get(text);
    if (variable === undefined) {
      variable = this.#bdd.newVariable();
      this.#variables.set(text, variable);
    }
    return this.#bdd.literal(variable);
  }

  isEmpty(): Node {
    if (!this.#description.mayBeEmpty) return FALSE;
    this.#emptiness ??= this.#bdd.newVariable();
    return this.#bdd.literal(this.#emptiness);
  }
}
