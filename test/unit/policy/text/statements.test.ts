import { expect, test } from 'vitest';
import { splitStatements } from '../../../../src/policy/text/statements.ts';

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
