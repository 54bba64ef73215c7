import { expect, test } from 'vitest';
import { explore, partition, step } from '../../../../src/policy/compile/dfa.ts';

/** Accepts texts whose number of `a` is a multiple of three, described wastefully. */
const multiples = explore<{ count: number; noise: boolean }>({
  start: { count: 0, noise: false },
  special: new Set([0x61]),
  step: ({ count }, byte) => (byte === 0x61 ? { count: (count + 1) % 6, noise: false } : { count, noise: true }),
  accepts: ({ count }) => count % 3 === 0,
  key: ({ count, noise }) => `${count} ${noise}`,
});

test('exploring minimises', () => {
  expect(multiples.states).toBe(3);
  expect(multiples.columns).toBe(2);
  expect(multiples.settled).toEqual([undefined, undefined, undefined]);
});

test.each(['', 'b', 'aaa', 'abaxa', 'a', 'aab', 'aaaa'])('runs over %j', (text) => {
  const end = [...Buffer.from(text)].reduce((state, byte) => step(multiples, state, byte), multiples.start);
  expect(multiples.accepts[end] === 1).toBe((text.match(/a/g) ?? []).length % 3 === 0);
});

test('states that can no longer change their answer are settled', () => {
  const startsWithA = explore<'start' | 'yes' | 'no'>({
    start: 'start',
    special: new Set([0x61]),
    step: (state, byte) => (state === 'start' ? (byte === 0x61 ? 'yes' : 'no') : state),
    accepts: (state) => state === 'yes',
    key: (state) => state,
  });
  expect(startsWithA.settled.toSorted()).toEqual([false, true, undefined]);
});

test('a partition separates states by what they lead to', () => {
  // 0 -> 1 -> 2 -> 2, only 2 labelled 7; 3 behaves as 1.
  const { part, parts } = partition([5, 5, 7, 5], [1, 2, 2, 2], 1);
  expect(parts).toBe(3);
  expect(part[1]).toBe(part[3]);
  expect(new Set(part).size).toBe(3);
});

test('more states than a 16-bit number counts stay apart', () => {
  const states = 70_000;
  const chain = Array.from({ length: states }, (_, i) => i);
  const { parts } = partition(chain, chain, 1);
  expect(parts).toBe(states);
});
