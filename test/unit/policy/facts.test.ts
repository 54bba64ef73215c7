import { expect, test } from 'vitest';
import { aliasTarget, canonicalFacts, isCanonicalPath, mentionedRoles } from '../../../src/policy/facts.ts';

test.each([
  ['/', true],
  ['/a', true],
  ['/a/', true],
  ['/a/..b/.c', true],
  ['', false],
  ['a', false],
  ['//', false],
  ['/a//b', false],
  ['/a/./b', false],
  ['/a/..', false],
  ['/../', false],
])('%j is canonical: %s', (path, expected) => {
  expect(isCanonicalPath(path)).toBe(expected);
});

test('directories of a session end with a slash', () => {
  const facts = canonicalFacts({ agent: 'a', session: 's', user: 'u', workspace: '/', home: '/h/', tmp: '/tmp' });
  expect([aliasTarget(facts, '@workspace/'), aliasTarget(facts, '@home/'), aliasTarget(facts, '@tmp/')]).toEqual([
    '/',
    '/h/',
    '/tmp/',
  ]);
});

test.each(['', 'tmp', '/a/../b', '/a\0b'])('the directory %j is refused', (tmp) => {
  expect(() => canonicalFacts({ agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp })).toThrow(
    'tmp directory',
  );
});

test.each([
  ['permit(principal, action, resource);', []],
  ['resource in Host::"@registry/pip"', ['pip']],
  ['resource in [Host::"@registry/cargo", Host::"@registry/npm"]', ['npm', 'cargo']],
])('%s speaks of %j', (text, roles) => expect(mentionedRoles(text)).toEqual(roles));
