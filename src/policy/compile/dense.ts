// Residual decisions and the states of the patterns they still depend on in; the dense automaton that takes over where a path leaves the trie out.
import { type Atom, TooComplex } from './atoms.ts';
import type { Bdd, Node } from './bdd.ts';
import { type Dfa, partition } from './dfa.ts';

/** Entries of the dense automaton, four bytes each: far above what a person's patterns need, reached by patterns made to explode. */
const MAX_CELLS = 4_000_000;

/** The label for the residual of every goal. A residual that is not constant depends on something the path does not tell. */
export type LabelOf = (residuals: readonly Node[]) => number;

export type Pattern = Extract<Atom, { readonly kind: 'pattern' }>;

/** Residuals of all goals, and the indices of the patterns they still depend on. */
export interface Row {
  readonly id: number;
  readonly nodes: readonly Node[];
  readonly live: readonly number[];
}

interface DenseState {
  readonly row: Row;
  /** State of each live pattern. */
  readonly at: readonly number[];
}

export interface Dense {
  /** next[state * columns + column] */
  readonly next: Int32Array;
  readonly labels: Int32Array;
}

export class DenseBuilder {
  readonly patterns: readonly Pattern[];
  readonly #bdd: Bdd;
  readonly #labelOf: LabelOf;
  readonly #maxStates: number;
  readonly #states: DenseState[] = [];
  readonly #stateIds = new Map<string, number>();
  readonly #rows = new Map<string, Row>();
  readonly #settled = new Map<string, Row>();
  readonly #indexOf: ReadonlyMap<number, number>;

  constructor(bdd: Bdd, patterns: readonly Pattern[], columns: number, labelOf: LabelOf) {
    this.#bdd = bdd;
    this.#maxStates = Math.floor(MAX_CELLS / columns);
    this.#labelOf = labelOf;
    this.patterns = patterns;
    this.#indexOf = new Map(patterns.map(({ variable }, index) => [variable, index]));
  }

  row(nodes: readonly Node[]): Row {
    const key = nodes.join();
    let row = this.#rows.get(key);
    if (row === undefined) {
      const live = new Set<number>();
      for (const node of new Set(nodes)) {
        for (const variable of this.#bdd.support(node)) {
          const pattern = this.#indexOf.get(variable);
          if (pattern !== undefined) live.add(pattern);
        }
      }
      row = { id: this.#rows.size, nodes, live: [...live].sort((a, b) => a - b) };
      this.#rows.set(key, row);
    }
    return row;
  }

  /** The dense state for a row and a state of each of its live patterns; settled patterns are substituted away. */
  state(row: Row, at: readonly number[]): number {
    for (let k = 0; k < at.length; k++) {
      if (this.#dfa(row, k).settled[at[k]!] !== undefined) return this.#settledState(row, at);
    }
    // One character per number: this line runs for every state and byte class. A pattern has far fewer than 2^16 states.
    const key = String.fromCharCode(row.id & 0xffff, row.id >>> 16, ...at);
    const known = this.#stateIds.get(key);
    if (known !== undefined) return known;
    if (this.#states.length >= this.#maxStates) throw new TooComplex(`more than ${this.#maxStates} states`);
    this.#stateIds.set(key, this.#states.length);
    return this.#states.push({ row, at }) - 1;
  }

  /** The label of a path that ends here. */
  label(row: Row, at: readonly number[]): number {
    const answers = at.map((state, k) => this.#dfa(row, k).accepts[state] === 1);
    return this.#labelOf(this.#settle(row, answers).nodes);
  }

  /** Every state that the ones asked for lead to. Column i stands for byte `representatives[i]`. */
  explore(representatives: readonly number[]): Dense {
    const next: number[] = [];
    const labels: number[] = [];
    // The loop itself finds new states.
    for (let i = 0; i < this.#states.length; i++) {
      const { row, at } = this.#states[i]!;
      labels.push(this.label(row, at));
      const automata = row.live.map((pattern) => this.patterns[pattern]!.dfa);
      for (const byte of representatives) {
        const after = new Array<number>(at.length);
        for (let k = 0; k < at.length; k++) {
          const dfa = automata[k]!;
          after[k] = dfa.next[at[k]! * dfa.columns + dfa.columnOf[byte]!]!;
        }
        next.push(this.state(row, after));
      }
    }
    return { next: Int32Array.from(next), labels: Int32Array.from(labels) };
  }

  #dfa(row: Row, k: number): Dfa {
    return this.patterns[row.live[k]!]!.dfa;
  }

  #settledState(row: Row, at: readonly number[]): number {
    const answers = at.map((state, k) => this.#dfa(row, k).settled[state]);
    const rest = this.#settle(row, answers);
    return this.state(
      rest,
      rest.live.map((pattern) => at[row.live.indexOf(pattern)]!),
    );
  }

  #settle(row: Row, answers: readonly (boolean | undefined)[]): Row {
    if (answers.length === 0) return row;
    const key = `${row.id}:${answers.join()}`;
    const known = this.#settled.get(key);
    if (known !== undefined) return known;
    const byVariable = new Map(row.live.map((pattern, k) => [this.patterns[pattern]!.variable, answers[k]]));
    const memo = new Map<Node, Node>();
    const rest = this.row(
      row.nodes.map((node) => this.#bdd.restrict(node, (variable) => byVariable.get(variable), memo)),
    );
    this.#settled.set(key, rest);
    return rest;
  }
}

/** Merges states that no path tells apart; `part` maps an old state to its new one. */
export function minimise(dense: Dense, columns: number): Dense & { readonly part: Int32Array } {
  const { part, parts } = partition(dense.labels, dense.next, columns);
  const next = new Int32Array(parts * columns);
  const labels = new Int32Array(parts);
  for (const [state, group] of part.entries()) {
    labels[group] = dense.labels[state]!;
    for (let column = 0; column < columns; column++) {
      next[group * columns + column] = part[dense.next[state * columns + column]!]!;
    }
  }
  return { next, labels, part };
}
