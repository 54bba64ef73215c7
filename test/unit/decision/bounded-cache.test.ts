import { expect, test } from 'vitest';
import { BoundedCache } from '../../../src/decision/bounded-cache.ts';

const N = 100;

test('keeps as many as it has room for, and not more than twice as many', () => {
  const cache = new BoundedCache<{ n: number }>(N);
  for (let n = 0; n < 10 * N; n++) {
    cache.set(String(n), { n });
    const kept = Array.from({ length: n + 1 }, (_, i) => n - i).filter((i) => n - i < N);
    if (n % 97 === 0) expect(kept.filter((i) => cache.get(String(i))?.n !== i)).toEqual([]);
  }
  const all = Array.from({ length: 10 * N }, (_, n) => cache.get(String(n))).filter((value) => value !== undefined);
  expect(all.length).toBeLessThanOrEqual(2 * N);
});

test('what is used again and again stays', () => {
  const cache = new BoundedCache<{ n: number }>(2);
  cache.set('a', { n: 1 });
  for (let n = 0; n < 100; n++) {
    cache.set(String(n), { n });
    expect(cache.get('a')).toEqual({ n: 1 });
  }
  expect(cache.get('0')).toBeUndefined();
});

test('a known key takes no further place', () => {
  const cache = new BoundedCache<{ n: number }>(2);
  cache.set('a', { n: 1 });
  cache.set('b', { n: 2 });
  for (let n = 3; n < 100; n++) cache.set('a', { n });
  expect([cache.get('a'), cache.get('b')]).toEqual([{ n: 99 }, { n: 2 }]);
});
