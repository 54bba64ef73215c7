// An automaton whose labels matter and the language of possible texts in; for each label the shortest text that ends with it out.
import { TooComplex } from '../compile/atoms.ts';
import type { Automaton } from '../compile/automaton.ts';
import type { TrieNode } from '../compile/trie.ts';
import { DEAD, type Language } from './language.ts';

/** How far a label reaches: this text alone, every text with a beginning that a policy names, or some others as well. */
export type Extent =
  | { readonly kind: 'only' }
  | { readonly kind: 'some' }
  | { readonly kind: 'beginning'; readonly length: number };

export interface Word {
  readonly bytes: Uint8Array;
  readonly extent: Extent;
}

/** Where a text has led: a node of the trie, or, once it has left it, a dense state. */
interface Place {
  readonly node: TrieNode | undefined;
  readonly dense: number;
  readonly inLanguage: number;
  readonly before: Place | undefined;
  readonly byte: number;
}

interface Group {
  readonly byteClass: number;
  readonly column: number;
  readonly bytes: readonly number[];
}

/** Bytes that neither automaton nor language tells apart, the readable ones first. */
function groupsOf({ columnOf }: Automaton, { classes }: Language): readonly Group[] {
  return classes.flatMap((bytes, byteClass) =>
    [...new Set(bytes.map((byte) => columnOf[byte]!))].map((column) => ({
      byteClass,
      column,
      bytes: bytes.filter((byte) => columnOf[byte] === column),
    })),
  );
}

function childrenOf(node: TrieNode | undefined): ReadonlyMap<number, TrieNode> {
  const children = new Map<number, TrieNode>();
  for (let child = node?.child; child !== undefined; child = child.sibling) children.set(child.byte, child);
  return children;
}

function labelAt({ labels }: Automaton, { node, dense }: Place): number {
  return node === undefined ? labels[dense]! : node.label;
}

/** Bytes of the path to a place, in order. */
function textOf(place: Place): Uint8Array {
  const bytes: number[] = [];
  for (let at = place; at.before !== undefined; at = at.before) bytes.push(at.byte);
  return Uint8Array.from(bytes.reverse());
}

/** From here on every text has the same label: no literal goes on, and the dense state leads nowhere else. */
function isSettled({ next, labels, columns }: Automaton, { node, dense }: Place): boolean {
  if (node?.child !== undefined || (node !== undefined && node.label !== labels[dense])) return false;
  return next.subarray(dense * columns, (dense + 1) * columns).every((target) => target === dense);
}

interface Found {
  readonly place: Place;
  /** Places with this label; those outside the trie may be reached by many texts. */
  count: number;
  isInDense: boolean;
}

function extentOf(automaton: Automaton, { place, count, isInDense }: Found): Extent {
  if (count === 1 && !isInDense) return { kind: 'only' };
  const way: Place[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.before) way.unshift(at);
  // Outside the trie what was read last is one byte of many, and no beginning that anybody wrote.
  const length = way.findIndex((at) => at.node !== undefined && isSettled(automaton, at));
  return length < 0 ? { kind: 'some' } : { kind: 'beginning', length };
}

/** About 150 bytes each. */
const MAX_PLACES = 3_000_000;

/** Breadth first, so the first text with a label is a shortest one. */
class Search {
  readonly #automaton: Automaton;
  readonly #language: Language;
  readonly #groups: readonly Group[];
  readonly #queue: Place[];
  readonly #seen = new Set<number>();

  constructor(automaton: Automaton, language: Language) {
    this.#automaton = automaton;
    this.#language = language;
    this.#groups = groupsOf(automaton, language);
    const { root } = automaton;
    this.#queue = [{ node: root, dense: root.fallback, inLanguage: 0, before: undefined, byte: 0 }];
  }

  /** Every place, each once. */
  *places(): Generator<Place> {
    // The queue grows while it is read.
    for (const place of this.#queue) {
      yield place;
      const children = childrenOf(place.node);
      for (const group of this.#groups) this.#follow(place, group, children);
    }
  }

  #reach(place: Place): void {
    if (this.#queue.length >= MAX_PLACES) throw new TooComplex(`more than ${MAX_PLACES} states to search`);
    this.#queue.push(place);
  }

  #follow(place: Place, { byteClass, column, bytes }: Group, children: ReadonlyMap<number, TrieNode>): void {
    const inLanguage = this.#language.step(place.inLanguage, byteClass);
    if (inLanguage === DEAD) return;
    const { next, columns } = this.#automaton;
    let isOutside = false;
    for (const byte of bytes) {
      const node = children.get(byte);
      // One byte without a child stands for all of them.
      if (node === undefined && isOutside) continue;
      const dense = node === undefined ? next[place.dense * columns + column]! : node.fallback;
      isOutside ||= node === undefined;
      if (node === undefined && this.#isSeen(dense, inLanguage)) continue;
      this.#reach({ node, dense, inLanguage, before: place, byte });
    }
  }

  /** A node of the trie is reached by one text only, a dense state by many. */
  #isSeen(dense: number, inLanguage: number): boolean {
    const key = inLanguage * this.#automaton.labels.length + dense;
    const isSeen = this.#seen.has(key);
    this.#seen.add(key);
    return isSeen;
  }
}

/** For every label but `ignored` that a text of the language has: a shortest such text. Shorter texts come first. Throws TooComplex. */
export function shortestWords(automaton: Automaton, language: Language, ignored: number): ReadonlyMap<number, Word> {
  const found = new Map<number, Found>();
  for (const place of new Search(automaton, language).places()) {
    const label = labelAt(automaton, place);
    if (label === ignored || !language.accepts(place.inLanguage)) continue;
    const known = found.get(label) ?? { place, count: 0, isInDense: false };
    known.count++;
    known.isInDense ||= place.node === undefined;
    found.set(label, known);
  }
  const words = [...found].map(([label, one]): [number, Word] => {
    return [label, { bytes: textOf(one.place), extent: extentOf(automaton, one) }];
  });
  return new Map(words);
}

/** The label of one text. */
export function labelOfText(automaton: Automaton, text: Uint8Array): number {
  const { root, next, columns, columnOf, labels } = automaton;
  let node: TrieNode | undefined = root;
  let dense = root.fallback;
  for (const byte of text) {
    const child: TrieNode | undefined = childrenOf(node).get(byte);
    dense = child === undefined ? next[dense * columns + columnOf[byte]!]! : child.fallback;
    node = child;
  }
  return node === undefined ? labels[dense]! : node.label;
}
