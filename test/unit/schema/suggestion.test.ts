import { expect, test } from 'vitest';
import { closest, editDistance } from '../../../src/schema/suggestion.ts';

test.each([
  ['', '', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['mdoe', 'mode', 2],
])('distance of %j and %j is %i', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test('suggests only what is near', () => {
  expect(closest('reson', ['id', 'reason'])).toBe('reason');
  expect(closest('severity', ['id', 'reason'])).toBeUndefined();
  expect(closest('x', [])).toBeUndefined();
});
