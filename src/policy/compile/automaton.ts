// From goals (decision diagrams over atoms) to one automaton over the bytes of one string, usually the path, whose label tells the verdict of every goal.
//
// All literal strings form a trie; where a path leaves it, a dense automaton of the remaining patterns takes over:
//   delta(node, byte)  = child                    when the trie has that edge
//                      = dense(fallback, byte)    otherwise
// A residual is a goal with every atom decided that the position has decided, so a dense state keeps only the patterns that still matter.
import { type Atom, TooComplex } from './atoms.ts';
import type { Bdd, Node } from './bdd.ts';
import { partition, step } from './dfa.ts';
import { type Goal, Goals } from './goals.ts';
import { buildTrie, type TrieNode } from './trie.ts';

/** Entries of the dense automaton, four bytes each: far above what a person's patterns need, reached by patterns made to explode. */
const MAX_CELLS = 4_000_000;

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

type Pattern = Atom & { readonly kind: 'pattern' };

/** Residuals of all goals, and the indices of the patterns they still depend on. */
interface Row {
  readonly id: number;
  readonly nodes: readonly Node[];
  readonly live: readonly number[];
}

interface DenseState {
  readonly row: Row;
  /** State of each live pattern. */
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
  readonly #stateIds = new Map<string, number>();
  readonly #rows = new Map<string, Row>();
  readonly #settled = new Map<string, Row>();
  readonly #indexOf: ReadonlyMap<number, number>;

  readonly #maxStates: number;

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
      const variables = new Set(nodes.flatMap((node) => this.#bdd.support(node)));
      const live = [...variables].flatMap((variable) => this.#indexOf.get(variable) ?? []).sort((a, b) => a - b);
      row = { id: this.#rows.size, nodes, live };
      this.#rows.set(key, row);
    }
    return row;
  }

  /** The dense state for a row and a state of each of its live patterns; settled patterns are substituted away. */
  denseState(row: Row, at: readonly number[]): number {
    if (row.live.some((pattern, k) => this.patterns[pattern]!.dfa.settled[at[k]!] !== undefined)) {
      const answers = row.live.map((pattern, k) => this.patterns[pattern]!.dfa.settled[at[k]!]);
      const rest = this.#settle(row, answers);
      return this.denseState(
        rest,
        rest.live.map((pattern) => at[row.live.indexOf(pattern)]!),
      );
    }
    // One character per number: this line runs for every state and byte class. A pattern has far fewer than 2^16 states.
    const key = String.fromCharCode(row.id & 0xffff, row.id >>> 16, ...at);
    const known = this.#stateIds.get(key);
    if (known !== undefined) return known;
    if (this.states.length >= this.#maxStates) throw new TooComplex(`more than ${this.#maxStates} states`);
    this.#stateIds.set(key, this.states.length);
    return this.states.push({ row, at }) - 1;
  }

  /** The label of a path that ends here. */
  label(row: Row, at: readonly number[]): number {
    const answers = row.live.map((pattern, k) => this.patterns[pattern]!.dfa.accepts[at[k]!] === 1);
    return this.#labelOf(this.#settle(row, answers).nodes);
  }

  #settle(row: Row, answers: readonly (boolean | undefined)[]): Row {
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

function labelTrie(builder: Builder, goals: Goals, root: TrieNode): void {
  const visit = (node: TrieNode, at: readonly number[]): void => {
    const undoPrefix = goals.hold(node.prefix);
    const row = builder.row(goals.row());
    const atOf = ({ live }: Row): number[] => live.map((pattern) => at[pattern]!);
    node.fallback = builder.denseState(row, atOf(row));
    const undoExact = goals.hold(node.exact);
    const exactRow = builder.row(goals.row());
    node.label = builder.label(exactRow, atOf(exactRow));
    undoExact();
    for (const [byte, child] of node.children) {
      visit(
        child,
        at.map((state, pattern) => step(builder.patterns[pattern]!.dfa, state, byte)),
      );
    }
    undoPrefix();
  };
  visit(
    root,
    builder.patterns.map(({ dfa }) => dfa.start),
  );
}

function exploreDense(builder: Builder, representatives: readonly number[]): { next: number[]; labels: number[] } {
  const next: number[] = [];
  const labels: number[] = [];
  // The loop itself finds new states.
  for (let i = 0; i < builder.states.length; i++) {
    const { row, at } = builder.states[i]!;
    labels.push(builder.label(row, at));
    const automata = row.live.map((pattern) => builder.patterns[pattern]!.dfa);
    for (const byte of representatives) {
      next.push(
        builder.denseState(
          row,
          automata.map((dfa, k) => step(dfa, at[k]!, byte)),
        ),
      );
    }
  }
  return { next, labels };
}

interface Dense {
  readonly next: Int32Array;
  readonly labels: Int32Array;
}

function minimise(
  nodes: readonly TrieNode[],
  dense: { next: readonly number[]; labels: readonly number[] },
  columns: number,
): Dense {
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

/** Builds the automaton. Throws TooComplex beyond MAX_CELLS. */
export function buildAutomaton(bdd: Bdd, atoms: readonly Atom[], goals: readonly Goal[], labelOf: LabelOf): Automaton {
  const patterns = atoms.filter((atom) => atom.kind === 'pattern');
  const literals = atoms.filter((atom) => atom.kind !== 'pattern');
  const { columnOf, representatives } = commonColumns(patterns);
  const columns = representatives.length;
  const builder = new Builder(bdd, patterns, columns, labelOf);
  const { root, nodes } = buildTrie(literals);
  labelTrie(builder, new Goals(bdd, new Set(literals.map(({ variable }) => variable)), goals), root);
  const dense = minimise(nodes, exploreDense(builder, representatives), columns);
  prune(nodes, dense, columns, columnOf);
  return { root, columns, columnOf, ...dense };
}
