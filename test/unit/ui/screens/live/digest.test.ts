// Counts of a feed: by verdict, by kind of action, by second and by process; nothing twice, and what was missed is said.
import { expect, test } from 'vitest';
import { classOf, Digest, SPAN } from '../../../../../ui/src/screens/live/digest.ts';
import { entry } from './entries.ts';

test('verdicts, kinds and processes are counted once', () => {
  const digest = new Digest();
  const entries = [
    entry(0),
    entry(1, { effect: 'deny', action: 'ProcessExec' }),
    entry(2, { effect: 'deny', enforced: false, action: 'NetConnect', who: { pid: 3, parent: 2, exe: '' } }),
    entry(3, { who: { pid: 3, parent: 0, exe: '/bin/cat', argv: ['cat'] } }),
  ];
  digest.follow(entries.slice(0, 2));
  digest.follow(entries);
  expect(digest.outcomes).toEqual({ allowed: 2, denied: 1, 'would deny': 1 });
  expect(digest.classes).toEqual({ files: 2, programs: 1, network: 1, tools: 0, other: 0 });
  expect([...digest.processes.values()]).toEqual([
    { pid: 2, parent: 1, exe: '/bin/sh', first: 0, last: 100, events: 2, denied: 1 },
    { pid: 3, parent: 2, exe: '/bin/cat', argv: ['cat'], first: 200, last: 300, events: 2, denied: 1 },
  ]);
  expect(digest.missed).toBe(0);
});

test('events that were gone before they could be counted are told', () => {
  const digest = new Digest();
  digest.follow([entry(5), entry(6), entry(9)]);
  expect(digest.missed).toBe(7);
});

test('a row for every second up to now or to the last event; a late event counts as of the last second', () => {
  const digest = new Digest();
  digest.follow([entry(0, { time: 10_500 }), entry(1, { time: 12_000, effect: 'deny' }), entry(2, { time: 11_900 })]);
  expect(digest.rates(0).slice(-3)).toEqual([
    { at: 10, events: 1, denied: 0 },
    { at: 11, events: 0, denied: 0 },
    { at: 12, events: 2, denied: 1 },
  ]);
  expect(digest.rates(14)).toHaveLength(SPAN);
  expect(digest.rates(14).at(-1)).toEqual({ at: 14, events: 0, denied: 0 });
});

test('every action has its kind', () => {
  const actions = ['FileSetAttr', 'SessionExec', 'DnsResolve', 'SecretUse', 'McpCall', 'SystemCall'] as const;
  expect(actions.map(classOf)).toEqual(['files', 'programs', 'network', 'network', 'tools', 'other']);
});
