// The values of a text: the automaton of what a diagram asks of it, walked over the language of possible texts.
import type { Atoms } from '../compile/atoms.ts';
import { buildAutomaton } from '../compile/automaton.ts';
import { FALSE, type Node } from '../compile/bdd.ts';
import type { Goal } from '../compile/goals.ts';
import { type Reading, reversed } from '../compile/text-subject.ts';
import type { Dimension, Part, Values } from './dimension.ts';
import type { Language } from './language.ts';
import { labelOfText, shortestWords, type Word } from './shortest-words.ts';

export interface TextDescription {
  /** Its atoms' dimension: `resource`, `context.method`. */
  readonly name: string;
  readonly reading?: Reading;
  readonly language: (chosen: Values) => Language;
  /** Preferred to other texts, and in the language. */
  readonly usual: string;
}

/** A label with a text that has it. */
export interface LabelledText {
  readonly label: number;
  readonly value: string;
  /** Which texts have it, in words; undefined when all do. */
  readonly condition?: string;
}

export class TextDimension implements Dimension {
  readonly name: string;
  readonly #atoms: Atoms;
  readonly #text: TextDescription;

  constructor(atoms: Atoms, text: TextDescription) {
    this.name = text.name;
    this.#atoms = atoms;
    this.#text = text;
  }

  split(node: Node, chosen: Values): readonly Part[] {
    const { language, usual } = this.#text;
    if (!this.#isIn(node) && language(chosen).has(this.#encode(usual))) return [{ rest: node, value: usual }];
    const rests: Node[] = [FALSE];
    const labelOf = ([rest = FALSE]: readonly Node[]): number => {
      const known = rests.indexOf(rest);
      return known >= 0 ? known : rests.push(rest) - 1;
    };
    const texts = this.label([{ permits: [node], forbids: [] }], labelOf, chosen);
    return texts.map(({ label, ...text }) => ({ rest: rests[label]!, ...text }));
  }

  /** Label 0 is left out. Throws TooComplex. */
  label(goals: readonly Goal[], labelOf: (rests: readonly Node[]) => number, chosen: Values): readonly LabelledText[] {
    const { bdd } = this.#atoms;
    const used = new Set(
      goals.flatMap(({ permits, forbids }) => [...permits, ...forbids].flatMap((node) => bdd.support(node))),
    );
    const atoms = this.#atoms.of(this.name).filter(({ variable }) => used.has(variable));
    const automaton = buildAutomaton(bdd, atoms, goals, labelOf);
    const language = this.#text.language(chosen);
    const usual = this.#encode(this.#text.usual);
    const usualLabel = language.has(usual) ? labelOfText(automaton, usual) : 0;
    return [...shortestWords(automaton, language, 0)].map(([label, word]) => {
      const value = label === usualLabel ? this.#text.usual : this.#decode(word.bytes);
      const condition = this.#condition(word);
      return { label, value, ...(condition === undefined ? {} : { condition }) };
    });
  }

  #isIn(node: Node): boolean {
    const support = new Set(this.#atoms.bdd.support(node));
    return this.#atoms.of(this.name).some(({ variable }) => support.has(variable));
  }

  #encode(text: string): Uint8Array {
    return new TextEncoder().encode(this.#text.reading === 'right to left' ? reversed(text) : text);
  }

  #decode(bytes: Uint8Array): string {
    const text = new TextDecoder().decode(bytes);
    return this.#text.reading === 'right to left' ? reversed(text) : text;
  }

  #condition({ bytes, extent }: Word): string | undefined {
    const text = JSON.stringify(this.#decode(bytes));
    if (extent.kind === 'only') return `${this.name} ${text}`;
    if (extent.kind === 'some') return `some ${this.name}, such as ${text}`;
    if (extent.length === 0) return undefined;
    const common = JSON.stringify(this.#decode(bytes.subarray(0, extent.length)));
    return `every ${this.name} that ${this.#text.reading === 'right to left' ? 'ends' : 'begins'} with ${common}`;
  }
}
