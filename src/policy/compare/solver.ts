// A decision diagram over independent dimensions in; ways to satisfy it, each with a value for every dimension, out.
import { FALSE, type Node } from '../compile/bdd.ts';
import type { Dimension, Values } from './dimension.ts';

export interface Solution {
  readonly values: Values;
  /** By dimension, of those that matter. */
  readonly conditions: ReadonlyMap<string, string>;
  /** TRUE, or a diagram over conditions that nothing models. */
  readonly rest: Node;
}

/** Of what a text leaves open (program, port, address), so many regions are told apart. */
const MAX_SOLUTIONS = 32;

/** Ways to satisfy a diagram, one dimension after the other. None only if it cannot be satisfied by a possible request. */
export class Solver {
  readonly #dimensions: readonly Dimension[];
  readonly #known = new Map<Node, readonly Solution[]>();

  constructor(dimensions: readonly Dimension[]) {
    this.#dimensions = dimensions;
  }

  solve(node: Node): readonly Solution[] {
    let solutions = this.#known.get(node);
    if (solutions === undefined) {
      solutions = this.#from(0, { values: new Map(), conditions: new Map(), rest: node }, MAX_SOLUTIONS);
      this.#known.set(node, solutions);
    }
    return solutions;
  }

  #from(index: number, partial: Solution, limit: number): readonly Solution[] {
    const dimension = this.#dimensions[index];
    if (partial.rest === FALSE || limit <= 0) return [];
    if (dimension === undefined) return [partial];
    const solutions: Solution[] = [];
    for (const { rest, value, condition } of dimension.split(partial.rest, partial.values)) {
      const values = new Map(partial.values).set(dimension.name, value);
      const conditions = new Map(partial.conditions);
      if (condition !== undefined) conditions.set(dimension.name, condition);
      solutions.push(...this.#from(index + 1, { values, conditions, rest }, limit - solutions.length));
    }
    return solutions;
  }
}
