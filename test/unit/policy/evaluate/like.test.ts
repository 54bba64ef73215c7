import { expect, test } from 'vitest';
import { likeMatcher, normalisePattern, type Pattern } from '../../../../src/policy/evaluate/like.ts';

/** Slow and obvious. */
function matches(pattern: Pattern, subject: string): boolean {
  const [part, ...rest] = pattern;
  if (part === undefined) return subject === '';
  if (part !== null) return subject.startsWith(part) && matches(rest, subject.slice(part.length));
  return Array.from({ length: subject.length + 1 }, (_, i) => i).some((i) => matches(rest, subject.slice(i)));
}

const PATTERNS: readonly Pattern[] = [
  [],
  ['a'],
  [null],
  ['a', null],
  [null, 'a'],
  ['a', null, 'a'],
  [null, 'ab', null, 'a'],
  ['ab', null, 'ba'],
  [null, 'a', null, 'b', null],
  ['*', null, '*'],
  ['é', null],
];
const SUBJECTS = ['', 'a', 'aa', 'ab', 'aba', 'abba', 'bab', 'abab', 'aab', '*x*', '*', 'é', 'éa'];

test.each(PATTERNS.map((pattern) => [pattern]))('%j', (pattern) => {
  const matcher = likeMatcher(pattern);
  expect(SUBJECTS.map((subject) => matcher(subject))).toEqual(SUBJECTS.map((subject) => matches(pattern, subject)));
});

test('is linear where backtracking would not end', () => {
  const pattern = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? null : 'a'));
  expect(likeMatcher([...pattern, 'b'])('a'.repeat(20_000))).toBe(false);
});

test('normalises', () => {
  expect(normalisePattern(['a', 'b', null, null, '', 'c'])).toEqual(['ab', null, 'c']);
  expect(normalisePattern([''])).toEqual([]);
});
