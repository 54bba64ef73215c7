// Where values stand in sound text: the pieces together are the text, and each is the value that JSON.parse finds there.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { memberPlace, type Place, placeOf, textAt, visitLeaves } from '../../../src/json/places.ts';
import { type JsonValue, readStrictJson } from '../../../src/json/strict-json.ts';

const TEXT =
  ' { "a" : [ 1 , {"b\\"":"}\\\\"} , [ ] ] ,\r\n"c":{},"\\u0064":-1.5e3,"e":true,"f":"\\\\\\"]","g":null,"h":[{"i":[[]]}]} ';

function value(text: string): JsonValue {
  const reading = readStrictJson(Buffer.from(text));
  if ('fault' in reading) throw new Error(reading.fault);
  return reading.value;
}

function rebuilt(text: string, place: Place): unknown {
  if (place.items) return place.items.map((item) => rebuilt(text, item));
  if (place.members)
    return Object.fromEntries(place.members.map(({ key, value: inner }) => [key, rebuilt(text, inner)]));
  return JSON.parse(textAt(text, place));
}

test('opened to any depth, the places hold the value', () => {
  for (const depth of [0, 1, 2, 3, 4, Number.POSITIVE_INFINITY])
    expect(rebuilt(TEXT, placeOf(TEXT, depth))).toEqual(JSON.parse(TEXT));
  expect(textAt(TEXT, placeOf(TEXT, 0))).toBe(TEXT.trim());
});

test('numbers and escapes stand as they were written', () => {
  const place = placeOf(TEXT);
  const literal = (key: string): string => textAt(TEXT, memberPlace(place, key) as Place);
  expect(literal('d')).toBe('-1.5e3');
  expect(literal('f')).toBe('"\\\\\\"]"');
  expect(literal('g')).toBe('null');
  expect(memberPlace(place, 'z')).toBeUndefined();
});

test('a value within the text is found from where it begins', () => {
  expect(textAt(TEXT, placeOf(TEXT, 1, TEXT.indexOf('{"b')))).toBe('{"b\\"":"}\\\\"}');
});

test('leaves are visited with their path, and empty containers are leaves', () => {
  const leaves: [string, JsonValue, string][] = [];
  visitLeaves(value(TEXT), placeOf(TEXT), (path, leaf, place) =>
    leaves.push([path.join(' '), leaf, textAt(TEXT, place)]),
  );
  expect(leaves).toEqual([
    ['a 0', 1, '1'],
    ['a 1 b"', '}\\', '"}\\\\"'],
    ['a 2', [], '[ ]'],
    ['c', {}, '{}'],
    ['d', -1500, '-1.5e3'],
    ['e', true, 'true'],
    ['f', '\\"]', '"\\\\\\"]"'],
    ['g', null, 'null'],
    ['h 0 i 0', [], '[]'],
  ]);
});
