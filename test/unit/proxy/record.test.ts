// The machine's clock is set, and sleeps: what the proxy takes for the time follows it, and no duration is negative.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { elapsed, now } from '../../../src/proxy/record.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['after a sleep of a day', 86_400_000],
  ['after it was set back', -3_600_000],
  ['as it is', 0],
])('the time is that of the machine %s', (_, change) => {
  now();
  const time = Date.now() + change;
  vi.setSystemTime(time);
  for (let i = 0; i < 3; i++) {
    const told = now();
    expect(told).toBeGreaterThanOrEqual(time);
    expect(told).toBeLessThan(time + 1);
  }
});

test('a duration across a clock that was set back is none', () => {
  const start = now();
  vi.setSystemTime(Date.now() - 60_000);
  expect(elapsed(start)).toBe(0);
});
