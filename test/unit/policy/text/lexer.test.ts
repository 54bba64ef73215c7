import { describe, expect, test } from 'vitest';
import { tokenize, unescapeString } from '../../../../src/policy/text/lexer.ts';

describe('tokenize', () => {
  test.each([
    'permit(principal, action, resource); // done\n',
    'a::"b\\"c" && [1,2] >= "é€😀"',
    '"never closed',
    '\ud800 \u00a0 @x(',
    '',
  ])('loses nothing of %j', (source) => {
    const tokens = tokenize(source);
    expect(tokens.map((token) => token.text).join('')).toBe(source);
    for (const token of tokens) expect(source.startsWith(token.text, token.start)).toBe(true);
  });

  test('tells the kinds apart', () => {
    const kinds = tokenize('if "a // b" <= 12 // c').map(({ kind, text }) => [kind, text]);
    expect(kinds.filter(([kind]) => kind !== 'space')).toEqual([
      ['name', 'if'],
      ['string', '"a // b"'],
      ['punctuation', '<='],
      ['number', '12'],
      ['comment', '// c'],
    ]);
  });

  test('an escaped quote does not end a string', () => {
    expect(tokenize('"a\\"b";').map(({ text }) => text)).toEqual(['"a\\"b"', ';']);
  });
});

describe('unescapeString', () => {
  test.each([
    ['"a"', 'a'],
    ['"\\n\\t\\\\\\"\\0"', '\n\t\\"\0'],
    ['"\\u{1F600}\\x41"', '😀A'],
    ['"\\*"', '*'],
    ['"\\q"', undefined],
    ['"\\u{110000}"', undefined],
  ])('%s', (token, value) => {
    expect(unescapeString(token)).toBe(value);
  });
});
