import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { groupNames, parseGroups } from '../../../src/host/groups.ts';

test('names by number; comments, NIS entries and broken lines are no groups', () => {
  const database =
    'root:x:0:\ndev:x:1000:alice,bob\n# x:x:1:\n+nis:x:2:\n-nis:x:3:\nbroken\nno-number:x::\nroot2:x:0:\n';
  expect([...parseGroups(database)]).toEqual([
    [0, 'root'],
    [1000, 'dev'],
  ]);
});

test('the groups of this process are those that id(1) names', () => {
  const expected = execFileSync('id', ['-Gn'], { encoding: 'utf8' }).trim().split(' ');
  expect(groupNames().sort()).toEqual([...new Set(expected)].sort());
});

test('without a database groups go by number', () => {
  const expected = execFileSync('id', ['-G'], { encoding: 'utf8' }).trim().split(' ');
  expect(groupNames('/nowhere/group').sort()).toEqual([...new Set(expected)].sort());
});
