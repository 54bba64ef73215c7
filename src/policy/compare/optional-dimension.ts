// What a request may lack, a text or a record: absence is one more way to settle a diagram.
import { type Bdd, FALSE, type Node } from '../compile/bdd.ts';
import type { Dimension, Part, Values } from './dimension.ts';

export class OptionalDimension implements Dimension {
  readonly name: string;
  readonly #bdd: Bdd;
  readonly #presence: number;
  readonly #inner: Dimension;

  /** `presence` is the variable that holds when there is a text. */
  constructor(bdd: Bdd, presence: number, inner: Dimension) {
    this.name = inner.name;
    this.#bdd = bdd;
    this.#presence = presence;
    this.#inner = inner;
  }

  split(node: Node, chosen: Values): readonly Part[] {
    if (!this.#bdd.support(node).includes(this.#presence)) return [{ rest: node, value: undefined }];
    const at = (isPresent: boolean): Node =>
      this.#bdd.restrict(node, (variable) => (variable === this.#presence ? isPresent : undefined));
    const absent = at(false);
    const present = at(true);
    return [
      ...(absent === FALSE ? [] : [{ rest: absent, value: undefined, condition: `no ${this.name}` }]),
      ...(present === FALSE ? [] : this.#inner.split(present, chosen)),
    ];
  }
}

/** Whether there is a record, whose fields are dimensions of their own: nothing asks for one without asking for the record. */
export class PresenceDimension implements Dimension {
  readonly name: string;
  readonly #bdd: Bdd;
  readonly #presence: number;

  /** `presence` is the variable that holds when the record is there. Its value is then the text `present`. */
  constructor(bdd: Bdd, name: string, presence: number) {
    this.name = name;
    this.#bdd = bdd;
    this.#presence = presence;
  }

  split(node: Node): readonly Part[] {
    if (!this.#bdd.support(node).includes(this.#presence)) return [{ rest: node, value: undefined }];
    const at = (isPresent: boolean): Node =>
      this.#bdd.restrict(node, (variable) => (variable === this.#presence ? isPresent : undefined));
    const parts = [
      { rest: at(false), value: undefined, condition: `no ${this.name}` },
      { rest: at(true), value: 'present', condition: `some ${this.name}` },
    ];
    return parts.filter(({ rest }) => rest !== FALSE);
  }
}
