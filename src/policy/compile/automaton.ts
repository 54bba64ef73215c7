// From goals (decision diagrams over atoms) to one automaton over the bytes of one string, usually the path, whose label tells the verdict of every goal.
//
// All literal strings form a trie; where a path leaves it, a dense automaton of the remaining patterns takes over:
//   delta(node, byte)  = child                    when the trie has that edge
//                      = dense(fallback, byte)    otherwise
// A residual is a goal with every atom decided that the position has decided, so a dense state keeps only the patterns that still matter.
import type { Atom } from './atoms.ts';
import type { Bdd } from './bdd.ts';
import { type Dense, DenseBuilder, type LabelOf, minimise, type Pattern, type Row } from './dense.ts';
import { step } from './dfa.ts';
import { type Goal, Goals } from './goals.ts';
import { buildTrie, linkChildren, type TrieNode } from './trie.ts';

export interface Automaton extends Dense {
  readonly root: TrieNode;
  readonly columns: number;
  readonly columnOf: Uint8Array;
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

/** What holds at a node on the way to the one being labelled. */
interface Level {
  readonly row: Row;
  readonly letGo: () => void;
  /** State of every pattern. */
  readonly at: readonly number[];
  /** Of the live ones. */
  readonly liveAt: readonly number[];
  readonly fallback: number;
}

const NOTHING = (): void => undefined;

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, i) => value === b[i]);
}

/** Sets the fallback of each node, and the label where an exact atom holds; elsewhere it is that of the fallback. */
function labelTrie(builder: DenseBuilder, goals: Goals, nodes: readonly TrieNode[]): void {
  const { patterns } = builder;
  const enter = (node: TrieNode, parent: Level | undefined): Level => {
    const at =
      parent === undefined
        ? patterns.map(({ dfa }) => dfa.start)
        : parent.at.map((state, pattern) => step(patterns[pattern]!.dfa, state, node.byte));
    const letGo = node.prefix === undefined ? NOTHING : goals.hold(node.prefix);
    const row = parent !== undefined && node.prefix === undefined ? parent.row : builder.row(goals.row());
    const liveAt = row.live.map((pattern) => at[pattern]!);
    const isUnchanged = row === parent?.row && isSame(liveAt, parent.liveAt);
    return { row, letGo, at, liveAt, fallback: isUnchanged ? parent.fallback : builder.state(row, liveAt) };
  };
  const way: Level[] = [];
  for (const node of nodes) {
    while (way.length > node.depth) way.pop()!.letGo();
    const level = enter(node, way.at(-1));
    way.push(level);
    node.fallback = level.fallback;
    if (node.exact === undefined) continue;
    const letGo = goals.hold(node.exact);
    const row = builder.row(goals.row());
    node.label = builder.label(
      row,
      row.live.map((pattern) => level.at[pattern]!),
    );
    letGo();
  }
  while (way.length > 0) way.pop()!.letGo();
}

/** A leaf is needed if it says other than the dense automaton says anyway. */
function leafIsNeeded(node: TrieNode, { next, labels, columns, columnOf }: Omit<Automaton, 'root'>): boolean {
  const instead = next[node.parent!.fallback * columns + columnOf[node.byte]!]!;
  return node.fallback !== instead || node.label !== labels[instead];
}

/** Builds the automaton, the same whatever the order of `atoms` and of their variables. Throws TooComplex. */
export function buildAutomaton(bdd: Bdd, atoms: readonly Atom[], goals: readonly Goal[], labelOf: LabelOf): Automaton {
  const patterns = atoms.filter((atom) => atom.kind === 'pattern').sort((a, b) => (a.key < b.key ? -1 : 1));
  const literals = atoms.filter((atom) => atom.kind !== 'pattern');
  const { columnOf, representatives } = commonColumns(patterns);
  const columns = representatives.length;
  const builder = new DenseBuilder(bdd, patterns, columns, labelOf);
  const nodes = buildTrie(literals);
  labelTrie(builder, new Goals(bdd, new Set(literals.map(({ variable }) => variable)), goals), nodes);
  const { next, labels, part } = minimise(builder.explore(representatives), columns);
  for (const node of nodes) {
    node.fallback = part[node.fallback]!;
    if (node.exact === undefined) node.label = labels[node.fallback]!;
  }
  const dense = { columns, columnOf, next, labels };
  linkChildren(nodes, (node) => leafIsNeeded(node, dense));
  return { root: nodes[0]!, ...dense };
}
