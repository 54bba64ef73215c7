// The byte trie of all literal strings: which prefix and exact atoms begin to hold at which node.
import type { Atom } from './atoms.ts';

export interface TrieNode {
  readonly parent: TrieNode | undefined;
  /** The byte that leads here from the parent. */
  readonly byte: number;
  /** Bytes on the way from the root. */
  readonly depth: number;
  /** Variable of the atom that holds from here down. Equal texts are one atom, so there is no second. */
  prefix: number | undefined;
  /** Variable of the atom that holds only for a path that ends here. */
  exact: number | undefined;
  /** Dense state that takes over where no child fits. */
  fallback: number;
  /** Label of a path that ends here. */
  label: number;
  /** The child with the lowest byte; unset before `linkChildren`. */
  child: TrieNode | undefined;
  /** The parent's child with the next higher byte; unset before `linkChildren`. */
  sibling: TrieNode | undefined;
}

type Literal = Extract<Atom, { readonly text: string }>;

function newNode(parent: TrieNode | undefined, byte: number): TrieNode {
  const depth = parent === undefined ? 0 : parent.depth + 1;
  const atoms = { prefix: undefined, exact: undefined };
  return { parent, byte, depth, ...atoms, fallback: 0, label: 0, child: undefined, sibling: undefined };
}

function commonLength(a: Uint8Array, b: Uint8Array): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** The nodes in the order of their strings' bytes, so parents before children and the root first; the same for every order of `literals`. */
export function buildTrie(literals: readonly Literal[]): readonly TrieNode[] {
  const encoder = new TextEncoder();
  const sorted = literals
    .map(({ kind, text, variable }) => ({ kind, variable, bytes: encoder.encode(text) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const root = newNode(undefined, 0);
  const nodes = [root];
  /** The nodes on the way to the string before, by depth. */
  const way = [root];
  let before: Uint8Array = new Uint8Array();
  for (const { kind, variable, bytes } of sorted) {
    way.length = commonLength(before, bytes) + 1;
    for (let depth = way.length - 1; depth < bytes.length; depth++) {
      const node = newNode(way[depth], bytes[depth]!);
      way.push(node);
      nodes.push(node);
    }
    way[bytes.length]![kind] = variable;
    before = bytes;
  }
  return nodes;
}

/** Links every node that `isNeeded` or has a child that is. It is asked of nodes without such a child only; the root is always there. */
export function linkChildren(nodes: readonly TrieNode[], isNeeded: (node: TrieNode) => boolean): void {
  // Backwards: children come before their parents, and of siblings the last one first.
  for (let i = nodes.length - 1; i > 0; i--) {
    const node = nodes[i]!;
    if (node.child === undefined && !isNeeded(node)) continue;
    node.sibling = node.parent!.child;
    node.parent!.child = node;
  }
}
