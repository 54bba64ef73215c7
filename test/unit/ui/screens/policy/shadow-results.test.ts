import { expect, test } from 'vitest';
import { ShadowTally } from '../../../../../ui/src/screens/policy/shadow-results.ts';
import { sampleEvent } from '../../../journal/sample-session.ts';

const entry = (seq: number, shadow: 'allow' | 'deny' | undefined, path = '/a') => ({
  seq,
  event: sampleEvent({ effect: 'allow', resource: { type: 'path', path }, ...(shadow && { shadow }) }),
});

test('alike events are one line, the most frequent first, and each is counted once', () => {
  const tally = new ShadowTally();
  const entries = [entry(0, 'deny', '/b'), entry(1, undefined), entry(2, 'deny'), entry(3, 'allow')];
  tally.take(entries);
  entries.push(entry(4, 'deny'));
  tally.take(entries);
  tally.take(entries);
  expect(tally.results()).toMatchObject([
    { resource: '/a', would: 'deny', count: 2, last: 4 },
    { resource: '/b', would: 'deny', count: 1, last: 0 },
  ]);
  expect(tally.isCut).toBe(false);
});

test('of endlessly many kinds the first ones are listed, and that is said', () => {
  const tally = new ShadowTally();
  tally.take(Array.from({ length: 300 }, (_, seq) => entry(seq, 'deny', `/${seq}`)));
  expect(tally.results()).toHaveLength(200);
  expect(tally.isCut).toBe(true);
});
