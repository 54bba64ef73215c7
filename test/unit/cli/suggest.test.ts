import { expect, test } from 'vitest';
import { editDistance, nearest } from '../../../src/cli/suggest.ts';

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['policy', 'policy', 0],
  ['polcy', 'policy', 1],
  ['ploicy', 'policy', 1],
  ['kitten', 'sitting', 3],
])('from %j to %j it is %d', (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance);
  expect(editDistance(right, left)).toBe(distance);
});

test.each([
  ['polcy', 'policy'],
  ['evn', 'env'],
  ['workspce', 'workspace'],
  ['xyz', undefined],
  ['', undefined],
  ['policy'.repeat(1_000), undefined],
])('%j means %j', (word, meant) => {
  expect(nearest(word, ['policy', 'env', 'workspace'])).toBe(meant);
});
