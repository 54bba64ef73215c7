import { describe, expect, test } from 'vitest';
import {
  limitFaults,
  MAX_NESTING,
  MAX_OPERATORS,
  MAX_STRING,
  MAX_TEXT,
  textFaults,
} from '../../../../src/policy/check/limits.ts';
import { splitStatements } from '../../../../src/policy/text/statements.ts';

function faults(body: string): readonly string[] {
  const [statement] = splitStatements(body);
  return statement === undefined ? [] : limitFaults(statement).map(({ message }) => message);
}

describe('limits of a statement', () => {
  test.each([
    ['nesting', (n: number) => `${'['.repeat(n)}${']'.repeat(n)};`, MAX_NESTING],
    ['operators', (n: number) => `${'a && '.repeat(n)}a;`, MAX_OPERATORS],
    ['words', (n: number) => `${'if a then b else '.repeat(n)}c;`, MAX_OPERATORS],
    ['attribute accesses', (n: number) => `a${'.b'.repeat(n)};`, MAX_OPERATORS],
    ['string lengths', (n: number) => `"${'x'.repeat(n - 2)}";`, MAX_STRING],
  ])('%s', (_, make, limit) => {
    expect(faults(make(limit))).toEqual([]);
    expect(faults(make(limit + 1))).toHaveLength(1);
  });

  test('operators inside strings and comments do not count', () => {
    expect(faults(`"${'&& '.repeat(1000)}" // ${'&& '.repeat(1000)}\n;`)).toEqual([]);
  });

  test('integers that JSON would round', () => {
    expect(faults('9007199254740991;')).toEqual([]);
    expect(faults('9007199254740992;')).toHaveLength(1);
  });
});

test('limits of a text', () => {
  expect(textFaults('é'.repeat(MAX_TEXT / 2))).toEqual([]);
  expect(textFaults(`${'é'.repeat(MAX_TEXT / 2)}x`)).toHaveLength(1);
  expect(textFaults('a\ud800b')).toEqual([expect.objectContaining({ start: 1 })]);
  expect(textFaults('a\0b')).toEqual([expect.objectContaining({ start: 1 })]);
});
