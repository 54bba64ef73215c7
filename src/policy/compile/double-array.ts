// A trie as two parallel arrays: the child of slot s on byte b is slot base[s] + b, if check of that slot says s.
// Source: Aoe, "An efficient digital search algorithm by using a double-array structure", IEEE TSE 15(9), 1989.
import type { TrieNode } from './trie.ts';

export const NONE = 0xffff_ffff;

export interface DoubleArray {
  readonly slots: number;
  readonly base: Uint32Array;
  readonly check: Uint32Array;
  /** The node in each slot; undefined for a free slot. */
  readonly nodes: readonly (TrieNode | undefined)[];
}

/** Lowest offset at which every given byte falls on a free slot. `from` is the lowest free slot. */
function findBase(taken: readonly (TrieNode | undefined)[], bytes: readonly number[], from: number): number {
  let base = Math.max(0, from - Math.min(...bytes));
  while (bytes.some((byte) => taken[base + byte] !== undefined)) base++;
  return base;
}

export function layOut(root: TrieNode): DoubleArray {
  const nodes: (TrieNode | undefined)[] = [root];
  const base: number[] = [];
  const check: number[] = [NONE];
  const open: number[] = [0];
  let free = 1;
  // The list grows while it is read: breadth first.
  for (const slot of open) {
    const bytes = [...nodes[slot]!.children.keys()];
    if (bytes.length === 0) continue;
    const offset = findBase(nodes, bytes, free);
    base[slot] = offset;
    for (const [byte, child] of nodes[slot]!.children) {
      nodes[offset + byte] = child;
      check[offset + byte] = slot;
      open.push(offset + byte);
    }
    while (nodes[free] !== undefined) free++;
  }
  const fill = (values: readonly number[]): Uint32Array =>
    Uint32Array.from({ length: nodes.length }, (_, i) => values[i] ?? NONE);
  return { slots: nodes.length, base: fill(base), check: fill(check), nodes };
}
