// JSON that all servers read alike is read, any other is refused; what may be JSON is told from what is not.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { mayBeContainer, mayBeObject, readStrictJson } from '../../../src/json/strict-json.ts';

const read = (text: string | Buffer): unknown => {
  const reading = readStrictJson(Buffer.from(text as string));
  return 'fault' in reading ? reading.fault : reading.value;
};

test.each([
  ['{"a":[1,2,{"b":"\\"}"}],"c":null}', { a: [1, 2, { b: '"}' }], c: null }],
  [' [] ', []],
  ['"\\\\"', '\\'],
  ['{"a":{"a":1},"b":{"a":2}}', { a: { a: 1 }, b: { a: 2 } }],
  ['{"k":"{\\"a\\":1,\\"a\\":2}"}', { k: '{"a":1,"a":2}' }],
])('%s is read', (text, value) => {
  expect(read(text)).toEqual(value);
});

test.each([
  ['{"a":1,"a":2}', 'the key "a" stands twice in one object'],
  ['{"a":1,"\\u0061":2}', 'the key "a" stands twice in one object'],
  ['[{"x":{"tools":[],"t\\u006fols":[]}}]', 'the key "tools" stands twice in one object'],
  ['{"a":{"__proto__":{"mcp_servers":[]}}}', 'the key "__proto__" stands in an object'],
  ['{"_\\u005fproto__":1}', 'the key "__proto__" stands in an object'],
  ['\uFEFF{}', 'it begins with a byte order mark'],
  ['{} {}', 'it is not JSON'],
  ['{"a":1}\n{"a":2}', 'it is not JSON'],
  ["{'a':1}", 'it is not JSON'],
  ['{"a":1,}', 'it is not JSON'],
  ['{"a":/**/1}', 'it is not JSON'],
  ['{"a":NaN}', 'it is not JSON'],
  ['{"a":"', 'it is not JSON'],
  ['{"\\x":1}', 'it is not JSON'],
  ['', 'it is not JSON'],
  [`${'['.repeat(65)}${']'.repeat(65)}`, 'it is nested deeper than 64 levels'],
  [`[${'0,'.repeat(1_000_001)}0]`, 'it holds more than 1000000 values'],
  [
    `{${Array.from({ length: 65_537 }, (_, index) => `"${index}k":0`).join(',')}}`,
    'it holds more than 65536 different keys',
  ],
])('%.40s is refused', (text, fault) => {
  expect(read(text)).toBe(fault);
});

test('what is not UTF-8 is refused', () => {
  expect(read(Buffer.from([0x22, 0xff, 0x22]))).toBe('it is not UTF-8');
  // Overlong, and a surrogate.
  expect(read(Buffer.from([0x22, 0xc0, 0xa2, 0x22]))).toBe('it is not UTF-8');
  expect(read(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toBe('it is not UTF-8');
  expect(read(Buffer.from('{"a":1}', 'utf16le'))).toBe('it is not JSON');
});

test('a message does not carry what the sender chose beyond a short printable key', () => {
  expect(read(`{"\u001b[2J${'x'.repeat(500)}":1,"\u001b[2J${'x'.repeat(500)}":2}`)).toMatch(
    /^the key "\?\[2Jx{56}" stands/,
  );
});

test('what may be an object is told by its first bytes', () => {
  for (const text of ['{', ' \r\n\t{"a"', '\uFEFF{', '{"a'.padStart(90_000)])
    expect(mayBeObject(Buffer.from(text))).toBe(true);
  for (const bytes of [
    Buffer.from('{}', 'utf16le'),
    Buffer.from('\uFEFF{}', 'utf16le'),
    Buffer.from([0xfe, 0xff, 0, 0x7b]),
  ])
    expect(mayBeObject(bytes)).toBe(true);
  for (const text of ['', ' ', '\n\t']) expect(mayBeObject(Buffer.from(text))).toBeUndefined();
  expect(mayBeObject(Buffer.from([0xef]))).toBeUndefined();
  for (const text of ['[', 'x{', '--boundary', '0032want ', 'PACK', '"{'])
    expect(mayBeObject(Buffer.from(text))).toBe(false);
});

test('the beginning of an array or an object is known, in any encoding', () => {
  for (const text of ['[', ' [1', '{', '\uFEFF[']) expect(mayBeContainer(Buffer.from(text))).toBe(true);
  expect(mayBeContainer(Buffer.from('[1]', 'utf16le').swap16())).toBe(true);
  for (const text of ['', ' ']) expect(mayBeContainer(Buffer.from(text))).toBeUndefined();
  for (const text of ['1', '"["', 'x[']) expect(mayBeContainer(Buffer.from(text))).toBe(false);
});
