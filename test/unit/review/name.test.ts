import { expect, test } from 'vitest';
import { bytesOf, fromBytes, fromText, isBelow, join, textOf } from '../../../src/review/name.ts';

test.each([
  ['plain.txt', 'plain.txt'],
  ['größe', 'größe'],
  ['a\nb\tc', 'a\\nb\\tc'],
  ['\u001b[2J', '\\u001b[2J'],
  ['\u202egnp.exe', '\\u202egnp.exe'],
])('%j is shown as %j', (name, shown) => {
  expect(textOf(fromText(name))).toBe(shown);
});

test('bytes that are no UTF-8 come back as they were, and are shown as such', () => {
  const bytes = Buffer.from([0x61, 0xff, 0xc3]);
  expect(bytesOf(fromBytes(bytes))).toEqual(bytes);
  expect(textOf(fromBytes(bytes))).toBe('a\\xff\\xc3');
});

test('below is below, not beside', () => {
  expect([isBelow('a/b', 'a'), isBelow('ab', 'a'), isBelow('a', 'a'), isBelow('a', ''), isBelow('', '')]).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
  expect([join('', 'a'), join('a', 'b')]).toEqual(['a', 'a/b']);
});
