// Texts of one value have one canonical text; texts of different values have not.
import { expect, test } from 'vitest';
import { canonicalText } from '../../../src/json/canonical.ts';
import { placeOf } from '../../../src/json/places.ts';

const canonical = (text: string): string => canonicalText(text, placeOf(text));

test('order, spacing and escapes do not matter', () => {
  const one = '{"b":[1,{"y":"é","x":null}],"a":"/"}';
  const two = ' {\n"a" : "\\/", "\\u0062": [ 1 , {"x":null,"y":"\\u00e9"} ] }';
  expect(canonical(two)).toBe(canonical(one));
  expect(canonical(one)).toBe('{"a":"/","b":[1,{"x":null,"y":"é"}]}');
});

test('keys stand in the order of UTF-16 code units (RFC 8785, section 3.2.3)', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
  const text = JSON.stringify(Object.fromEntries(keys.map((key) => [key, 0])));
  expect(Object.keys(JSON.parse(canonical(text)) as object).slice(1)).toEqual([
    '\r',
    '\u0080',
    '\u00f6',
    '\u20ac',
    '\u{1f600}',
    '\ufb33',
  ]);
});

test('a number keeps its text', () => {
  expect(canonical('[1.0,9007199254740993,1e2]')).toBe('[1.0,9007199254740993,1e2]');
});

test.each([
  ['[1,2]', '[2,1]'],
  ['{"a":{}}', '{"a":[]}'],
  ['{"a":null}', '{}'],
  ['"1"', '1'],
  ['9007199254740993', '9007199254740992'],
])('%s is not %s', (one, two) => {
  expect(canonical(one)).not.toBe(canonical(two));
});
