// A feed that grows, is shown again, forgets and is held: each entry counts once, and what a person reads does not move.
import { expect, test } from 'vitest';
import type { EventEntry } from '../../../../../src/schema/api.ts';
import { Follower, firstAfter, Sieve } from '../../../../../ui/src/screens/live/follow.ts';
import { entry } from './entries.ts';

const seqs = (entries: readonly EventEntry[]): readonly number[] => entries.map(({ seq }) => seq);
const isEven = ({ seq }: EventEntry): boolean => seq % 2 === 0;
const from = (first: number, end: number): EventEntry[] =>
  Array.from({ length: end - first }, (_, index) => entry(first + index));

test('the first entry after a number, where numbers are missing too', () => {
  const entries = [entry(3), entry(5), entry(9)];
  expect([-1, 3, 4, 5, 9, 100].map((seq) => firstAfter(entries, seq))).toEqual([0, 1, 1, 2, 3, 3]);
  expect(firstAfter([], 1)).toBe(0);
});

test('an entry is taken once, however often it is shown', () => {
  const follower = new Follower();
  const taken: number[] = [];
  for (const entries of [from(0, 3), from(0, 3), from(2, 6), []])
    follower.follow(entries, ({ seq }) => taken.push(seq));
  expect(taken).toEqual([0, 1, 2, 3, 4, 5]);
  expect(follower.last).toBe(5);
});

test('what the feed forgot is forgotten', () => {
  const sieve = new Sieve(isEven);
  sieve.follow(from(0, 6));
  expect(seqs(sieve.shown)).toEqual([0, 2, 4]);
  sieve.follow(from(3, 8));
  expect(seqs(sieve.shown)).toEqual([4, 6]);
  sieve.follow(from(20, 21));
  expect(seqs(sieve.shown)).toEqual([20]);
});

test('while it is held it stands still and counts; then it shows what there is', () => {
  const sieve = new Sieve(isEven);
  sieve.follow(from(0, 4));
  sieve.hold();
  sieve.follow(from(0, 9));
  sieve.follow(from(5, 9));
  expect([seqs(sieve.shown), sieve.waiting]).toEqual([[0, 2], 3]);
  sieve.release();
  sieve.follow(from(5, 10));
  expect([seqs(sieve.shown), sieve.waiting]).toEqual([[6, 8], 0]);
});
