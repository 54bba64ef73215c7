import { expect, test } from 'vitest';
import { placeIn } from '../../../src/sandbox/volume.ts';

test.each([
  ['/a', '/m'],
  ['/a/b', '/m/b'],
  ['/ab', undefined],
  ['/', undefined],
])('%s is shown at %s', (file, place) => {
  expect(placeIn({ source: '/a', place: '/m' }, file)).toBe(place);
});

test('the root holds all', () => {
  expect(placeIn({ source: '/', place: '/m' }, '/x/y')).toBe('/m/x/y');
});
