// Processes in any order make one tree; a ring and a missing parent lose none.
import { expect, test } from 'vitest';
import type { ProcessView } from '../../../../../src/schema/api.ts';
import { joined, treeOf } from '../../../../../ui/src/screens/live/process-tree.ts';

function process(pid: number, parent: number, events = 1): ProcessView {
  return { pid, parent, exe: '/bin/x', first: pid, last: pid, events, denied: 0 };
}

const shape = (all: readonly ProcessView[]) => treeOf(all).map(({ process: { pid }, depth }) => [pid, depth]);

test('parents come before children, siblings in the order of their start', () => {
  const all = [process(5, 2), process(4, 3), process(3, 2), process(2, 1), process(9, 7)];
  expect(shape(all)).toEqual([
    [2, 0],
    [3, 1],
    [4, 2],
    [5, 1],
    [9, 0],
  ]);
});

test('a ring and a process that is its own parent are listed', () => {
  expect(shape([process(2, 3), process(3, 2), process(4, 4)]).toSorted()).toEqual([
    [2, 0],
    [3, 1],
    [4, 0],
  ]);
});

test('a deep line of descent is no recursion', () => {
  expect(treeOf(Array.from({ length: 5_000 }, (_, index) => process(index + 2, index + 1))).at(-1)?.depth).toBe(4_999);
});

test('of two counts of a process the greater holds', () => {
  expect(joined([process(2, 1, 5), process(3, 2, 1)], [process(2, 1, 3), process(3, 2, 4), process(4, 2)])).toEqual([
    process(2, 1, 5),
    process(3, 2, 4),
    process(4, 2),
  ]);
});
