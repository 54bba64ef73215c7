import { expect, test } from 'vitest';
import { layOut, NONE } from '../../../../src/policy/compile/double-array.ts';
import { buildTrie, linkChildren, type TrieNode } from '../../../../src/policy/compile/trie.ts';

const TEXTS = ['/', '/a', '/ab/c', '/b', '/é', '', 'zz', ...Array.from({ length: 300 }, (_, i) => `/w/p${i}/`)];
const nodes = buildTrie(TEXTS.map((text, variable) => ({ dimension: 'resource', kind: 'exact', text, variable })));
const root = nodes[0] as TrieNode;
linkChildren(nodes, () => true);

function childOn(node: TrieNode, byte: number): TrieNode | undefined {
  let child = node.child;
  while (child !== undefined && child.byte !== byte) child = child.sibling;
  return child;
}

test('every node of the trie has its slot, and no byte leads anywhere else', () => {
  const array = layOut(root);
  const slotOf = new Map<TrieNode, number>();
  for (const [slot, node] of array.nodes.entries()) if (node !== undefined) slotOf.set(node, slot);
  expect(slotOf.size).toBe(nodes.length);
  expect(array.check[0]).toBe(NONE);
  const wrong: unknown[] = [];
  for (const [node, slot] of slotOf) {
    for (let byte = 0; byte < 256; byte++) {
      const base = array.base[slot] ?? NONE;
      const next = base + byte;
      const reached = base !== NONE && next < array.slots && array.check[next] === slot ? array.nodes[next] : undefined;
      if (reached !== childOn(node, byte)) wrong.push([slot, byte]);
    }
  }
  expect(wrong).toEqual([]);
});

test('is dense', () => {
  expect(layOut(root).slots).toBeLessThan(nodes.length + 300);
});
