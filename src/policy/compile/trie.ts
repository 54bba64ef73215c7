// The byte trie of all literal strings: which prefix and exact atoms begin to hold at which node.
import type { Atom } from './atoms.ts';

export interface TrieNode {
  readonly parent: TrieNode | undefined;
  /** The byte that leads here from the parent. */
  readonly byte: number;
  readonly children: Map<number, TrieNode>;
  /** Variable of the atom that holds from here down. Equal texts are one atom, so there is no second. */
  prefix: number | undefined;
  /** Variable of the atom that holds only for a path that ends here. */
  exact: number | undefined;
  /** Dense state that takes over where no child fits. */
  fallback: number;
  /** Label of a path that ends here. */
  label: number;
}

function newNode(parent: TrieNode | undefined, byte: number): TrieNode {
  return { parent, byte, children: new Map(), prefix: undefined, exact: undefined, fallback: 0, label: 0 };
}

/** `nodes` lists parents before children. */
export function buildTrie(literals: readonly Extract<Atom, { readonly text: string }>[]): {
  readonly root: TrieNode;
  readonly nodes: readonly TrieNode[];
} {
  const root = newNode(undefined, 0);
  const nodes = [root];
  const encoder = new TextEncoder();
  for (const { kind, text, variable } of literals) {
    let node = root;
    for (const byte of encoder.encode(text)) {
      let child = node.children.get(byte);
      if (child === undefined) {
        child = newNode(node, byte);
        node.children.set(byte, child);
        nodes.push(child);
      }
      node = child;
    }
    node[kind] = variable;
  }
  return { root, nodes };
}
