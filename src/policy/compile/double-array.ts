// A trie as two parallel arrays: the child of slot s on byte b is slot base[s] + b, if check of that slot says s.
// Source: Aoe, "An efficient digital search algorithm by using a double-array structure", IEEE TSE 15(9), 1989.
import type { TrieNode } from './trie.ts';

export const NONE = 0xffff_ffff;

/** Free slots tried for the children of one node; then they go behind all others, so that a trie made to collide costs space, not time. */
const MAX_TRIES = 1000;

export interface DoubleArray {
  readonly slots: number;
  readonly base: Uint32Array;
  readonly check: Uint32Array;
  /** The node in each slot; undefined for a free slot. */
  readonly nodes: readonly (TrieNode | undefined)[];
}

/** Which slots are free: each taken one points to a later slot, and what lies between is taken too (union-find with path halving). */
class FreeSlots {
  readonly #later: number[] = [];

  /** The lowest free slot from `slot` on. */
  from(slot: number): number {
    const later = this.#later;
    let at = slot;
    while (at < later.length && later[at] !== at) {
      const next = later[at]!;
      const after = next < later.length ? later[next]! : next;
      later[at] = after;
      at = after;
    }
    return at;
  }

  take(slot: number): void {
    for (let i = this.#later.length; i <= slot; i++) this.#later.push(i);
    this.#later[slot] = slot + 1;
  }

  isFree(slot: number): boolean {
    return slot >= this.#later.length || this.#later[slot] === slot;
  }

  /** Everything from here on is free. */
  get end(): number {
    return this.#later.length;
  }
}

/** An offset at which every given byte falls on a free slot, the lowest if it is found soon. `bytes` ascend. */
function findBase(free: FreeSlots, bytes: readonly number[]): number {
  const first = bytes[0]!;
  let slot = free.from(first);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const base = slot - first;
    if (bytes.every((byte) => free.isFree(base + byte))) return base;
    slot = free.from(slot + 1);
  }
  return Math.max(free.end - first, 0);
}

export function layOut(root: TrieNode): DoubleArray {
  const nodes: (TrieNode | undefined)[] = [root];
  const base: number[] = [];
  const check: number[] = [NONE];
  const free = new FreeSlots();
  free.take(0);
  const open: number[] = [0];
  // The list grows while it is read: breadth first.
  for (const slot of open) {
    const bytes: number[] = [];
    const first = nodes[slot]!.child;
    for (let child = first; child !== undefined; child = child.sibling) bytes.push(child.byte);
    if (bytes.length === 0) continue;
    const offset = findBase(free, bytes);
    base[slot] = offset;
    for (let child = first; child !== undefined; child = child.sibling) {
      const place = offset + child.byte;
      free.take(place);
      nodes[place] = child;
      check[place] = slot;
      open.push(place);
    }
  }
  const fill = (values: readonly number[]): Uint32Array => {
    const words = new Uint32Array(nodes.length);
    for (let i = 0; i < words.length; i++) words[i] = values[i] ?? NONE;
    return words;
  };
  return { slots: nodes.length, base: fill(base), check: fill(check), nodes };
}
