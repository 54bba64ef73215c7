// The contents of a set: which of the elements that policies name it has.
import { TooComplex } from '../compile/atoms.ts';
import { type Bdd, FALSE, type Node } from '../compile/bdd.ts';
import type { SetSubject } from '../compile/set-subject.ts';
import type { Dimension, Part } from './dimension.ts';

/** Combinations of elements that make a difference: far more than a person's policies have. */
const MAX_COMBINATIONS = 4096;

interface Combination {
  readonly rest: Node;
  readonly elements: readonly string[];
}

/** Elements as a value, and back. */
export function elementsOf(value: string): readonly string[] {
  return JSON.parse(value) as readonly string[];
}

export class SetDimension implements Dimension {
  readonly name: string;
  readonly #bdd: Bdd;
  readonly #subject: SetSubject;
  readonly #other: string;

  /** `other` begins the texts of elements that no policy names; a longer one is made where a policy does. */
  constructor(bdd: Bdd, subject: SetSubject, other: string) {
    this.name = subject.name;
    this.#bdd = bdd;
    this.#subject = subject;
    this.#other = other;
  }

  /** An element that no policy names. */
  get unnamed(): string {
    let text = this.#other;
    while (this.#subject.elements.has(text)) text += 'a';
    return text;
  }

  split(node: Node): readonly Part[] {
    const support = new Set(this.#bdd.support(node));
    const named = [...this.#subject.elements].filter(([, variable]) => support.has(variable));
    const { emptiness } = this.#subject;
    const asksEmpty = emptiness !== undefined && support.has(emptiness);
    if (named.length === 0 && !asksEmpty) return [{ rest: node, value: undefined }];
    const empty = this.#fixed(node, (variable) => variable === emptiness);
    const filled = this.#fixed(node, (variable) => (variable === emptiness ? false : undefined));
    const combinations = this.#combinations(filled, named).map(({ rest, elements }): Part => {
      const others = asksEmpty && elements.length === 0 ? [this.unnamed] : [];
      return { rest, value: JSON.stringify([...elements, ...others]), condition: this.#condition(elements, named) };
    });
    const parts: Part[] = asksEmpty ? [{ rest: empty, value: '[]', condition: `${this.name} empty` }] : [];
    return [...parts, ...combinations].filter(({ rest }) => rest !== FALSE);
  }

  /** Decides this set's variables; those for which `value` is undefined stay. */
  #fixed(node: Node, value: (variable: number) => boolean | undefined): Node {
    const own = new Set([...this.#subject.elements.values(), this.#subject.emptiness]);
    return this.#bdd.restrict(node, (variable) => (own.has(variable) ? value(variable) : undefined));
  }

  /** One for each rest, with few elements; throws TooComplex. */
  #combinations(node: Node, named: readonly (readonly [string, number])[]): readonly Combination[] {
    let found: readonly Combination[] = [{ rest: node, elements: [] }];
    for (const [text, variable] of named) {
      const byRest = new Map<Node, Combination>();
      const add = ({ rest, elements }: Combination, isIn: boolean): void => {
        const next = this.#fixed(rest, (one) => (one === variable ? isIn : undefined));
        if (next !== FALSE && !byRest.has(next))
          byRest.set(next, { rest: next, elements: isIn ? [...elements, text] : elements });
      };
      for (const combination of found) add(combination, false);
      for (const combination of found) add(combination, true);
      if (byRest.size > MAX_COMBINATIONS) throw new TooComplex(`more than ${MAX_COMBINATIONS} kinds of ${this.name}`);
      found = [...byRest.values()];
    }
    return found;
  }

  #condition(elements: readonly string[], named: readonly (readonly [string, number])[]): string {
    const list = (texts: readonly string[]): string => texts.map((text) => JSON.stringify(text)).join(', ');
    if (elements.length > 0) return `${this.name} with ${list(elements)}`;
    return `${this.name} without ${list(named.map(([text]) => text))}`;
  }
}
