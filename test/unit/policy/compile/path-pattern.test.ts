import { expect, test } from 'vitest';
import { step } from '../../../../src/policy/compile/dfa.ts';
import { type PathPart, pathPatternDfa } from '../../../../src/policy/compile/path-pattern.ts';
import { likeMatcher, type Pattern } from '../../../../src/policy/evaluate/like.ts';
import { directoryOf, extensionOf, nameOf } from '../../../../src/policy/evaluate/path-entity.ts';

const PATHS = [
  '/',
  '/a',
  '/a/',
  '/.env',
  '/.env/',
  '/a/.env',
  '/a.b/c',
  '/a/b.c.d',
  '/a/b.c.d/',
  '/x./',
  '/x.',
  '/..a',
  '/a/..env',
  '/é/ü.pem',
  '/a/a/a',
  '/aab/aa',
  '/b/.git/hooks/x',
];
const PATTERNS: readonly Pattern[] = [
  [''],
  ['a'],
  ['.env'],
  ['env'],
  [null],
  ['a', null],
  [null, 'a'],
  [null, '.', null],
  ['/', null, '/a/'],
  ['/a/'],
  [null, '/.git/', null],
  ['é', null],
  [null, 'aa', null, 'a'],
];
const OF: Record<PathPart, (path: string) => string> = {
  path: (path) => path,
  name: nameOf,
  ext: extensionOf,
  dir: directoryOf,
};

test.each(['path', 'name', 'ext', 'dir'] as const)('decides every pattern on the %s of a path', (part) => {
  for (const pattern of PATTERNS) {
    const dfa = pathPatternDfa(
      part,
      pattern.filter((piece) => piece !== ''),
    );
    for (const path of PATHS) {
      const end = [...Buffer.from(path)].reduce((state, byte) => step(dfa, state, byte), dfa.start);
      expect([path, pattern, dfa.accepts[end] === 1]).toEqual([path, pattern, likeMatcher(pattern)(OF[part](path))]);
    }
  }
});

test('stays small', () => {
  expect(pathPatternDfa('path', [null, '/.ssh/', null]).states).toBe(7);
  expect(pathPatternDfa('path', [null, 'aaaa', null, 'aaaa', null]).states).toBe(9);
});
