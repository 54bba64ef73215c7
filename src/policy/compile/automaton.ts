// From goals (decision diagrams over path atoms) to one automaton over path bytes whose label tells the verdict of every goal.
//
// All literal strings form a trie; where a path leaves it, a dense automaton of the remaining patterns takes over:
//   delta(node, byte)  = child                    when the trie has that edge
//                      = dense(fallback, byte)    otherwise
// A residual is a goal with every atom decided that the position has decided, so a dense state keeps only the patterns that still matter.
import type { Bdd, Node } from './bdd.ts';
import { partition, step } from './dfa.ts';
import { type Goal, Goals } from './goals.ts';
import { type PathAtom, TooComplex } from './path-domain.ts';
import { buildTrie, type TrieNode } from './trie.ts';

/** Far above what 256 patterns of a person's policy produce; reached only by patterns made to explode. */
const MAX_STATES = 100_000;

export interface Automaton {
  readonly root: TrieNode;
  readonly columns: number;
  readonly columnOf: Uint8Array;
  /** next[state * columns + column] */
  readonly next: Int32Array;
  /** Label of each dense state. */
  readonly labels: Int32Array;
}

/** The label for the residual of every goal. A residual that is not constant depends on something the path does not tell. */
export type LabelOf = (residuals: readonly Node[]) => number;

type Pattern = PathAtom & { readonly kind: 'pattern' };

interface DenseState {
  readonly row: readonly Node[];
  /** Indices of the patterns the row still depends on, and the state of each. */
  readonly live: readonly number[];
  readonly at: readonly number[];
}

/** Bytes that no pattern tells apart share a column. */
function commonColumns(patterns: readonly Pattern[]): { columnOf: Uint8Array; representatives: readonly number[] } {
  const columns = new Map<string, number>();
  const columnOf = new Uint8Array(256);
  const representatives: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    const key = patterns.map(({ dfa }) => dfa.columnOf[byte]).join();
    let column = columns.get(key);
    if (column === undefined) {
      column = representatives.push(byte) - 1;
      columns.set(key, column);
    }
    columnOf[byte] = column;
  }
  return { columnOf, representatives };
}

class Builder {
  readonly states: DenseState[] = [];
  readonly patterns: readonly Pattern[];
  readonly #bdd: Bdd;
  readonly #labelOf: LabelOf;
  readonly #ids = new Map<string, number>();
  readonly #indexOf: ReadonlyMap<number, number>;

  constructor(bdd: Bdd, patterns: readonly Pattern[], labelOf: LabelOf) {
    this.#bdd = bdd;
    this.#labelOf = labelOf;
    this.patterns = patterns;
    this.#indexOf = new Map(patterns.map(({ variable }, index) => [variable, index]));
  }

  /** The dense state for a row of residuals and a state of each pattern; settled patterns are substituted away. */
  denseState(start: readonly Node[], stateOf: (pattern: number) => number): number {
    const settledAnswer = (variable: number): boolean | undefined => {
      const index = this.#indexOf.get(variable);
      return index === undefined ? undefined : this.patterns[index]!.dfa.settled[stateOf(index)];
    };
    const memo = new Map<Node, Node>();
    const row = start.map((node) => this.#bdd.restrict(node, settledAnswer, memo));
    const live = [...new Set(row.flatMap((node) => this.#patternsIn(node)))].sort((a, b) => a - b);
    const at = live.map(stateOf);
    const key = `${row}|${live}|${at}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.states.length >= MAX_STATES) throw new TooComplex(`more than ${MAX_STATES} states`);
    this.#ids.set(key, this.states.length);
    return this.states.push({ row, live, at }) - 1;
  }

  #patternsIn(node: Node): readonly number[] {
    return this.#bdd.support(node).flatMap((variable) => this.#indexOf.get(variable) ?? []);
  }

  /** The label of a path that ends here. */
  label(row: readonly Node[], stateOf: (pattern: number) => number): number {
    const answer = (variable: number): boolean | undefined => {
      const index = this.#indexOf.get(variable);
      return index === undefined ? undefined : this.patterns[index]!.dfa.accepts[stateOf(index)] === 1;
    };
    const memo = new Map<Node, Node>();
    return this.#labelOf(row.map((node) => this.#bdd.restrict(node, answer, memo)));
  }
}

function labelTrie(builder: Builder, goals: Goals, root: TrieNode): void {
  const visit = (node: TrieNode, at: readonly number[]): void => {
    const undoPrefixes = goals.hold(node.prefixes);
    const row = goals.row();
    const stateOf = (pattern: number): number => at[pattern]!;
    node.fallback = builder.denseState(row, stateOf);
    const undoExact = goals.hold(node.exact);
    node.label = builder.label(goals.row(), stateOf);
    undoExact();
    for (const [byte, child] of node.children) {
      visit(child, at.map((state, pattern) => step(builder.patterns[pattern]!.dfa, state, byte)));
    }
    undoPrefixes();
  };
  visit(root, builder.patterns.map(({ dfa }) => dfa.start));
}

function exploreDense(builder: Builder, representatives: readonly number[]): { next: number[]; labels: number[] } {
  const next: number[] = [];
  const labels: number[] = [];
  // The loop itself finds new states.
  for (let i = 0; i < builder.states.length; i++) {
    const { row, live, at } = builder.states[i]!;
    const current = new Map(live.map((pattern, k) => [pattern, at[k]!]));
    labels.push(builder.label(row, (pattern) => current.get(pattern) ?? 0));
    for (const byte of representatives) {
      const stepped = new Map(live.map((pattern, k) => [pattern, step(builder.patterns[pattern]!.dfa, at[k]!, byte)]));
      next.push(builder.denseState(row, (pattern) => stepped.get(pattern) ?? 0));
    }
  }
  return { next, labels };
}

interface Dense {
  readonly next: Int32Array;
  readonly labels: Int32Array;
}

function minimise(nodes: readonly TrieNode[], dense: { next: readonly number[]; labels: readonly number[] }, columns: number): Dense {
  const { part, parts } = partition(dense.labels, dense.next, columns);
  const next = new Int32Array(parts * columns);
  const labels = new Int32Array(parts);
  for (const [state, group] of part.entries()) {
    labels[group] = dense.labels[state]!;
    for (let column = 0; column < columns; column++) {
      next[group * columns + column] = part[dense.next[state * columns + column]!]!;
    }
  }
  for (const node of nodes) node.fallback = part[node.fallback]!;
  return { next, labels };
}

/** Drops leaves that say what the dense automaton says anyway; children come after their parents in `nodes`. */
function prune(nodes: readonly TrieNode[], dense: Dense, columns: number, columnOf: Uint8Array): void {
  for (const node of nodes.toReversed()) {
    const { parent } = node;
    if (parent === undefined || node.children.size > 0) continue;
    const instead = dense.next[parent.fallback * columns + columnOf[node.byte]!];
    if (node.fallback === instead && node.label === dense.labels[instead]) parent.children.delete(node.byte);
  }
}

/** Builds the automaton. Throws TooComplex beyond MAX_STATES. */
export function buildAutomaton(bdd: Bdd, atoms: readonly PathAtom[], goals: readonly Goal[], labelOf: LabelOf): Automaton {
  const patterns = atoms.filter((atom) => atom.kind === 'pattern');
  const literals = atoms.filter((atom) => atom.kind !== 'pattern');
  const builder = new Builder(bdd, patterns, labelOf);
  const { columnOf, representatives } = commonColumns(patterns);
  const columns = representatives.length;
  const { root, nodes } = buildTrie(literals);
  labelTrie(builder, new Goals(bdd, new Set(literals.map(({ variable }) => variable)), goals), root);
  const dense = minimise(nodes, exploreDense(builder, representatives), columns);
  prune(nodes, dense, columns, columnOf);
  return { root, columns, columnOf, ...dense };
}
