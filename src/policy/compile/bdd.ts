// Reduced ordered binary decision diagrams, hash-consed: equal functions have equal node numbers.

/** Index of a node. FALSE and TRUE are the two terminals; everything else depends on a variable. */
export type Node = number;
export const FALSE = 0;
export const TRUE = 1;

/** Pair key: node numbers stay far below 2^26, so a pair fits a double exactly. */
const PAIR = 2 ** 26;
/** After every variable; a small integer, as all others in its array. */
const NO_VARIABLE = 2 ** 30 - 1;

export class Bdd {
  readonly #variable: number[] = [NO_VARIABLE, NO_VARIABLE];
  readonly #low: Node[] = [FALSE, TRUE];
  readonly #high: Node[] = [FALSE, TRUE];
  readonly #unique: Map<number, Node>[] = [];
  readonly #conjunctions = new Map<number, Node>();
  readonly #negations = new Map<Node, Node>();
  readonly #supports = new Map<Node, readonly number[]>();

  /** Entries in all tables: what the diagram costs. */
  get size(): number {
    return this.#variable.length + this.#conjunctions.size + this.#negations.size;
  }

  /** A new variable, later in the order than all before. */
  newVariable(): number {
    this.#unique.push(new Map());
    return this.#unique.length - 1;
  }

  literal(variable: number): Node {
    return this.#node(variable, FALSE, TRUE);
  }

  not(a: Node): Node {
    if (a <= TRUE) return TRUE - a;
    const known = this.#negations.get(a);
    if (known !== undefined) return known;
    const result = this.#node(this.#variable[a]!, this.not(this.#low[a]!), this.not(this.#high[a]!));
    this.#negations.set(a, result).set(result, a);
    return result;
  }

  and(a: Node, b: Node): Node {
    if (a === FALSE || b === FALSE) return FALSE;
    if (a === TRUE || a === b) return b;
    if (b === TRUE) return a;
    const key = a < b ? a * PAIR + b : b * PAIR + a;
    const known = this.#conjunctions.get(key);
    if (known !== undefined) return known;
    const variable = Math.min(this.#variable[a]!, this.#variable[b]!);
    const low = this.and(this.#branch(a, variable, false), this.#branch(b, variable, false));
    const high = this.and(this.#branch(a, variable, true), this.#branch(b, variable, true));
    const result = this.#node(variable, low, high);
    this.#conjunctions.set(key, result);
    return result;
  }

  or(a: Node, b: Node): Node {
    if (a === TRUE || b === TRUE) return TRUE;
    if (a === FALSE || a === b) return b;
    if (b === FALSE) return a;
    return this.not(this.and(this.not(a), this.not(b)));
  }

  /** Substitutes constants for the variables that `value` knows. */
  restrict(a: Node, value: (variable: number) => boolean | undefined, memo: Map<Node, Node> = new Map()): Node {
    if (a <= TRUE) return a;
    const known = memo.get(a);
    if (known !== undefined) return known;
    const fixed = value(this.#variable[a]!);
    const result =
      fixed === undefined
        ? this.#node(
            this.#variable[a]!,
            this.restrict(this.#low[a]!, value, memo),
            this.restrict(this.#high[a]!, value, memo),
          )
        : this.restrict(fixed ? this.#high[a]! : this.#low[a]!, value, memo);
    memo.set(a, result);
    return result;
  }

  /** The variables a function depends on, ascending. */
  support(a: Node): readonly number[] {
    if (a <= TRUE) return [];
    const known = this.#supports.get(a);
    if (known !== undefined) return known;
    const variables = new Set<number>();
    const seen = new Set<Node>();
    const open = [a];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node <= TRUE || seen.has(node)) continue;
      seen.add(node);
      variables.add(this.#variable[node]!);
      open.push(this.#low[node]!, this.#high[node]!);
    }
    const support = [...variables].sort((x, y) => x - y);
    this.#supports.set(a, support);
    return support;
  }

  #branch(a: Node, variable: number, high: boolean): Node {
    if (this.#variable[a] !== variable) return a;
    return high ? this.#high[a]! : this.#low[a]!;
  }

  #node(variable: number, low: Node, high: Node): Node {
    if (low === high) return low;
    const unique = this.#unique[variable]!;
    const key = low * PAIR + high;
    let node = unique.get(key);
    if (node === undefined) {
      node = this.#variable.length;
      if (node >= PAIR) throw new RangeError('decision diagram is full');
      this.#variable.push(variable);
      this.#low.push(low);
      this.#high.push(high);
      unique.set(key, node);
    }
    return node;
  }
}
