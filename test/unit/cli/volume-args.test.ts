import { expect, test } from 'vitest';
import { parseVolume } from '../../../src/cli/volume-args.ts';

test.each([
  ['src', { source: 'src', place: undefined, access: 'read-write' }],
  ['src:ro', { source: 'src', place: undefined, access: 'read-only' }],
  ['/a b:/ü', { source: '/a b', place: '/ü', access: 'read-write' }],
  ['~/x:/x:rw', { source: '~/x', place: '/x', access: 'read-write' }],
  ['x:/x:review', { source: 'x', place: '/x', access: 'review' }],
  ['ro', { source: 'ro', place: undefined, access: 'read-write' }],
])('%s', (text, volume) => {
  expect(parseVolume(text)).toEqual(volume);
});

test.each(['', ':/x', 'x:', 'x:y', 'x:/y:/z', 'x:/y:wr', ':ro', 'x::ro'])('%j is refused', (text) => {
  expect(() => parseVolume(text)).toThrow(/--volume needs SOURCE\[:PLACE\]/);
});
