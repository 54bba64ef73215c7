// One independent part of a request: a decision diagram in, the ways in which this part's value can settle it out, each with a value.
import type { Bdd, Node } from '../compile/bdd.ts';

export interface Part {
  /** The diagram with every atom of this dimension decided. */
  readonly rest: Node;
  /** A value that decides them so; undefined is the absence of an optional one. */
  readonly value: string | undefined;
  /** Which values do, in words; undefined when all do. */
  readonly condition?: string;
}

/** Values chosen so far, by the name of the dimension. */
export type Values = ReadonlyMap<string, string | undefined>;

export interface Dimension {
  readonly name: string;
  /** Exactly the parts that some value brings about, the likeliest first; none whose rest is FALSE. Throws TooComplex. */
  split(node: Node, chosen: Values): readonly Part[];
}

/** Parts with equal rests are one; `merge` joins what is known of both. */
export function groupByRest<T>(items: readonly T[], restOf: (item: T) => Node): ReadonlyMap<Node, readonly T[]> {
  const groups = new Map<Node, T[]>();
  for (const item of items) {
    const rest = restOf(item);
    const group = groups.get(rest);
    if (group === undefined) groups.set(rest, [item]);
    else group.push(item);
  }
  return groups;
}

/** Does the diagram depend on one of these variables? */
export function dependsOn(bdd: Bdd, node: Node, variables: Iterable<number>): boolean {
  const support = new Set(bdd.support(node));
  for (const variable of variables) if (support.has(variable)) return true;
  return false;
}
