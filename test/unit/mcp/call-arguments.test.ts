// Arguments by JSON pointer: one text for one value, bounded, and doubted where servers differ.
import { expect, test } from 'vitest';
import { placeOf } from '../../../src/json/places.ts';
import type { JsonObject } from '../../../src/json/strict-json.ts';
import { readArguments } from '../../../src/mcp/call-arguments.ts';

const read = (text: string): ReturnType<typeof readArguments> =>
  readArguments(text, JSON.parse(text) as JsonObject, () => placeOf(text));

function args(text: string): unknown {
  const reading = read(text);
  return 'fault' in reading ? reading.fault : Object.fromEntries(reading.args);
}

function doubt(text: string): string | undefined {
  const reading = read(text);
  return 'fault' in reading ? reading.fault : reading.doubt;
}

test.each([
  ['{}', {}],
  ['{"path":"/a/b","opts":{"force":true,"depth":1e2}}', { path: '/a/b', 'opts/force': 'true', 'opts/depth': '100' }],
  ['{"paths":["a","b"],"x":null}', { 'paths/0': 'a', 'paths/1': 'b', x: 'null' }],
  ['{"a/b":{"c~d":1}}', { 'a~1b/c~0d': '1' }],
  ['{"":{"":"x"}}', { '/': 'x' }],
  ['{"e":{},"l":[],"n":[{}]}', { e: '{}', l: '[]', 'n/0': '{}' }],
  ['{"p\\u0061th":"\\/etc"}', { path: '/etc' }],
  ['{"n":-0.50}', { n: '-0.5' }],
])('%s', (text, expected) => {
  expect(args(text)).toEqual(expected);
  expect(doubt(text)).toBeUndefined();
});

test.each([
  ['{"path":"/ok","Path":"/etc/shadow"}', '"path" and "Path" are one name to servers that ignore case'],
  ['{"a":[{"x":1,"X":2}]}', '"x" and "X" are one name to servers that ignore case'],
  ['{"id":9007199254740993}', 'the number "9007199254740993" is rounded by some servers'],
  ['{"path":"/etc/passwd\\u0000.txt"}', 'a text holds the character NUL'],
])('%s is doubted, and yet read', (text, reason) => {
  expect(doubt(text)).toBe(reason);
  expect(args(text)).toBeTypeOf('object');
});

test('there are no more than 16,384', () => {
  const list = (length: number): string => `{"a":[${Array.from({ length }, () => '0').join(',')}]}`;
  expect(Object.keys(args(list(16_384)) as object)).toHaveLength(16_384);
  expect(args(list(16_385))).toBe('there are more than 16384 arguments');
  expect(args(`{"a":[${Array.from({ length: 16_385 }, () => '[]').join(',')}]}`)).toBe(
    'there are more than 16384 arguments',
  );
});

test('they are no longer than 32 Mi in all', () => {
  const deep = (value: string): string =>
    `{"${'k'.repeat(1 << 20)}":[${Array.from({ length: 33 }, () => value).join(',')}]}`;
  expect(args(deep('1'))).toBe('the arguments are too long');
});
