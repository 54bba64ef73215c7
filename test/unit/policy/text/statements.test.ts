import { expect, test } from 'vitest';
import { tokenize } from '../../../../src/policy/text/lexer.ts';
import { bracketStep, splitStatements } from '../../../../src/policy/text/statements.ts';
import { Random } from '../random-words.ts';

test('splits at semicolons outside brackets, strings and comments', () => {
  const source = '// head ;\n@id(";") permit(principal, action, resource);  forbid(a[;]) when { ";" };\n';
  const statements = splitStatements(source);
  expect(statements.map(({ text }) => text)).toEqual([
    '@id(";") permit(principal, action, resource);',
    'forbid(a[;]) when { ";" };',
  ]);
  for (const { start, text } of statements) expect(source.startsWith(text, start)).toBe(true);
});

test('returns an unfinished last statement, so that the parser can complain', () => {
  expect(splitStatements('permit(principal').map(({ text }) => text)).toEqual(['permit(principal']);
});

test('stray closing brackets do not hide what follows', () => {
  expect(splitStatements(')); permit(a); }').map(({ text }) => text)).toEqual(
    [')); ', 'permit(a);', '}'].map((text) => text.trim()),
  );
});

test('comments alone are no statement', () => {
  expect(splitStatements('// nothing\n  \n')).toEqual([]);
});

/** By tokens alone: slower, and plainly right. */
function splitByTokens(source: string): { start: number; text: string }[] {
  const found: { start: number; text: string }[] = [];
  let [first, end, depth]: [number | undefined, number, number] = [undefined, 0, 0];
  const finish = (): void => {
    if (first !== undefined) found.push({ start: first, text: source.slice(first, end) });
    [first, depth] = [undefined, 0];
  };
  for (const token of tokenize(source)) {
    if (token.kind === 'space' || token.kind === 'comment') continue;
    first ??= token.start;
    end = token.start + token.text.length;
    depth += bracketStep(token);
    if (token.text === ';' && depth <= 0) finish();
  }
  finish();
  return found;
}

test('random texts are split where their tokens say, and the pieces have the tokens of the whole', () => {
  const random = new Random(7);
  const words = [
    '"',
    '\\',
    '"a;"',
    '//',
    '/',
    '\n',
    ' ',
    '\u2003',
    '\ufeff',
    ';',
    '(',
    ')',
    '[',
    '}',
    '{',
    'permit',
    'é😀',
    '::',
  ];
  for (let round = 0; round < 3000; round++) {
    const source = Array.from({ length: random.below(24) }, () => random.pick(words)).join('');
    const statements = splitStatements(source);
    expect(
      statements.map(({ start, text }) => ({ start, text })),
      JSON.stringify(source),
    ).toEqual(splitByTokens(source));
    const tokens = tokenize(source).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
    expect(statements.flatMap((statement) => statement.tokens)).toEqual(tokens);
  }
});
