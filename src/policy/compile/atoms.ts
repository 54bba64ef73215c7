// The atoms of one request class: each property that an automaton decides gets a variable, and so does each truth nobody here knows.
import type { Pattern } from '../evaluate/like.ts';
import { Bdd, type Node } from './bdd.ts';
import type { Dfa } from './dfa.ts';
import type { Truth } from './symbolic.ts';

/** A property of one string of the request (its `dimension`), and the variable that stands for it. */
export type Atom = { readonly dimension: string; readonly variable: number } & (
  | { readonly kind: 'prefix' | 'exact'; readonly text: string }
  /** Equal keys: the same language. */
  | { readonly kind: 'pattern'; readonly key: string; readonly dfa: Dfa }
);

/** One pattern may multiply the automaton's states; a person writes far fewer. */
export const MAX_PATTERNS = 256;

export class TooComplex extends Error {}

export class Atoms {
  readonly bdd: Bdd = new Bdd();
  readonly #byDimension = new Map<string, Atom[]>();
  readonly #variables = new Map<string, number>();

  of(dimension: string): readonly Atom[] {
    return this.#byDimension.get(dimension) ?? [];
  }

  /** Holds for strings that begin with `text`, or for that string alone. */
  literal(dimension: string, kind: 'prefix' | 'exact', text: string): Node {
    return this.#atom(`${kind} ${dimension} ${text}`, (variable) => ({ dimension, kind, variable, text }));
  }

  /** Holds for strings that an automaton accepts. `part` and `pattern` say which automaton. Throws TooComplex. */
  pattern(dimension: string, part: string, pattern: Pattern, makeDfa: () => Dfa): Node {
    const key = `${part} ${JSON.stringify(pattern)}`;
    return this.#atom(`pattern ${dimension} ${key}`, (variable) => {
      const patterns = this.of(dimension).filter((atom) => atom.kind === 'pattern').length;
      if (patterns >= MAX_PATTERNS) throw new TooComplex(`more than ${MAX_PATTERNS} different patterns`);
      return { dimension, kind: 'pattern', variable, key, dfa: makeDfa() };
    });
  }

  /** A truth value nobody here knows; the same for the same description. */
  unknown(description: string): Truth {
    const { bdd } = this;
    const value = this.#free(`value of ${description}`);
    const fails = this.#free(`error in ${description}`);
    return { yes: bdd.and(value, bdd.not(fails)), no: bdd.and(bdd.not(value), bdd.not(fails)) };
  }

  #free(key: string): Node {
    const known = this.#variables.get(key);
    if (known !== undefined) return this.bdd.literal(known);
    const variable = this.bdd.newVariable();
    this.#variables.set(key, variable);
    return this.bdd.literal(variable);
  }

  #atom(key: string, make: (variable: number) => Atom): Node {
    const isNew = !this.#variables.has(key);
    const node = this.#free(key);
    const variable = this.#variables.get(key);
    if (isNew && variable !== undefined) this.#add(make(variable));
    return node;
  }

  #add(atom: Atom): void {
    const atoms = this.#byDimension.get(atom.dimension);
    if (atoms === undefined) this.#byDimension.set(atom.dimension, [atom]);
    else atoms.push(atom);
  }
}
