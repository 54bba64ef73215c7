import { expect, test } from 'vitest';
import type { Change } from '../../../src/review/change.ts';
import { chosen } from '../../../src/review/choose.ts';
import { fromText } from '../../../src/review/name.ts';

const record = {
  v: 1 as const,
  id: 'x',
  began: '0',
  roots: [
    { source: '/w', isFolder: true },
    { source: '/home/me/.claude.json', isFolder: false },
  ],
};
const at = (path: string, root = 0): Change => ({ root, path: fromText(path), isConflict: false });
const all = [at('src/a'), at('src/größe'), at('srcs'), at('', 1)];
const indexes = (words: readonly string[], from = '/w'): number[] =>
  chosen(all, record, words, from).map((change) => all.indexOf(change));

test.each([
  [[], '/w', [0, 1, 2, 3]],
  [['src'], '/w', [0, 1]],
  [['a'], '/w/src', [0]],
  [['/w/src/größe', './srcs'], '/w', [1, 2]],
  [['src/a'], '/elsewhere', [0]],
  [['/home/me/.claude.json'], '/w', [3]],
  [['.'], '/w', [0, 1, 2]],
] as const)('%j in %s names %j', (words, from, found) => {
  expect(indexes(words, from)).toEqual(found);
});

test('what names nothing is told', () => {
  expect(() => indexes(['src', ''])).toThrow('an empty word names no path');
  expect(() => indexes(['src/b'])).toThrow(/nothing waits at "src\/b"/);
  expect(() => indexes(['../etc'])).toThrow(/nothing waits/);
});
