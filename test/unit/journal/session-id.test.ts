import { expect, test } from 'vitest';
import { isSessionId, newSessionId } from '../../../src/journal/session-id.ts';

test('an id is the start in UTC and four characters', () => {
  expect(newSessionId(Date.UTC(2026, 10, 25, 14, 22, 33), () => 0)).toBe('20261125-142233-2222');
  expect(newSessionId(Date.UTC(2026, 10, 25, 14, 22, 33, 999), () => 0.999)).toBe('20261125-142233-z9zz');
});

test('ids sort by start', () => {
  const starts = [Date.UTC(2026, 0, 2), Date.UTC(2026, 0, 10), Date.UTC(2026, 11, 1), Date.UTC(2027, 0, 1)];
  for (let millisecond = 1; millisecond < 1_000; millisecond++) starts.push(Date.UTC(2027, 0, 1) + millisecond);
  const ids = starts.map((start) => newSessionId(start));
  expect([...ids].sort()).toEqual(ids);
});

test('every id made is an id, at both ends of the random range', () => {
  for (const random of [0, 0.5, 1 - Number.EPSILON])
    expect(isSessionId(newSessionId(Date.now(), () => random))).toBe(true);
});

test.each(['', 'latest', '..', '../20261125-142233-k3f9', '20261125-142233-k3f9/', '20261125-142233-K3F9'])(
  '%j is no id',
  (text) => {
    expect(isSessionId(text)).toBe(false);
  },
);
