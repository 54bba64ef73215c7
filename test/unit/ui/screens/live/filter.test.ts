// An address asks for some events: the search is read strictly, the feed and the journal are asked for the same.
import { expect, test } from 'vitest';
import { queryOf, testOf } from '../../../../../ui/src/screens/live/filter.ts';
import { readSearch } from '../../../../../ui/src/screens/live/search.ts';
import { entry } from './entries.ts';

test('what is not known is left out of the search', () => {
  expect(
    readSearch({ verdict: 'maybe', action: '', text: ['x'], pid: '4', event: -1, journal: 'yes', more: 1 }),
  ).toEqual({});
  const whole = { verdict: 'would deny', action: 'FileWrite', text: 'a', pid: 4, event: 0, journal: true };
  expect(readSearch(whole)).toEqual(whole);
  expect(readSearch({ text: 12 })).toEqual({ text: '12' });
});

test('all that is asked must hold', () => {
  const one = entry(1, { effect: 'deny', resource: { type: 'path', path: '/w/Key' } });
  expect(
    [{}, { verdict: 'denied' as const }, { pid: 2 }, { text: 'kEY' }, { text: 'bin/sh' }].map((s) => testOf(s)(one)),
  ).toEqual(Array.from({ length: 5 }, () => true));
  const others = [
    { verdict: 'would deny' as const },
    { pid: 3 },
    { text: 'lock' },
    { action: 'FileWrite' },
    { text: 'key', pid: 3 },
  ];
  expect(others.map((s) => testOf(s)(one))).toEqual(others.map(() => false));
  expect(testOf({ text: '/w/n' })({ ...one, event: { ...one.event, target: { type: 'path', path: '/w/new' } } })).toBe(
    true,
  );
});

test('of a call itself and what may belong to it is shown, and no call whose name begins like it', () => {
  const calls = ['c1', 'c2,c1', 'c11', undefined];
  const test = testOf({ call: 'c1' });
  expect(calls.map((call) => test(entry(1, call === undefined ? {} : { call })))).toEqual([true, true, false, false]);
  expect(readSearch({ call: 'c1' })).toEqual({ call: 'c1' });
  expect(queryOf({ call: 'c1' })).toEqual({ call: 'c1' });
});

test('the MCP server of a program is among what is searched', () => {
  const of = entry(1, { who: { pid: 2, parent: 1, exe: '/bin/node', via: 'mcp:Files' } });
  expect([testOf({ text: 'mcp:files' })(of), testOf({ text: 'mcp:files' })(entry(1, {}))]).toEqual([true, false]);
});

test('the journal is asked for the effect', () => {
  expect(queryOf({ verdict: 'would deny', action: 'FileWrite', text: 'a', pid: 4, event: 3, journal: true })).toEqual({
    effect: 'deny',
    action: 'FileWrite',
    text: 'a',
    pid: 4,
  });
  expect(queryOf({ verdict: 'allowed' })).toEqual({ effect: 'allow' });
});
