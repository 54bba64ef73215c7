import { expect, test } from 'vitest';
import { BoundedCache } from '../../../src/decision/bounded-cache.ts';

test('drops what was used longest ago', () => {
  const cache = new BoundedCache<{ n: number }>(2);
  cache.set('a', { n: 1 });
  cache.set('b', { n: 2 });
  expect(cache.get('a')).toEqual({ n: 1 });
  cache.set('c', { n: 3 });
  expect(cache.get('b')).toBeUndefined();
  expect(cache.get('a')).toEqual({ n: 1 });
  expect(cache.get('c')).toEqual({ n: 3 });
});

test('a known key takes no further place', () => {
  const cache = new BoundedCache<{ n: number }>(2);
  cache.set('a', { n: 1 });
  cache.set('b', { n: 2 });
  cache.set('a', { n: 3 });
  expect([cache.get('a'), cache.get('b')]).toEqual([{ n: 3 }, { n: 2 }]);
});
