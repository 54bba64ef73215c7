// Arguments are written as the journal has them, and read back: the same, or not known; never another one.
import { expect, test } from 'vitest';
import { argumentText, recordedArgument } from '../../../../src/proxy/mcp/argument-text.ts';

test.each<[string, string, string]>([
  ['path', '/w/a', 'path=/w/a'],
  ['opts/force', 'true', 'opts/force=true'],
  ['text', 'a=b: 5 characters', 'text=a=b: 5 characters'],
  ['text', 'line\nline', 'text=line\nline'],
  ['text', '', 'text='],
  ['', 'x', '=x'],
  ['a=b', 'c', '"a=b"=c'],
  ['a: 7 characters', 'c', '"a: 7 characters"=c'],
  ['say "x"', 'y"=z', '"say \\"x\\""=y"=z'],
  ['back\\slash"', 'y', '"back\\\\slash\\""=y'],
])('%j with %j is %j, and back', (pointer, value, text) => {
  expect(argumentText([pointer, value])).toBe(text);
  expect(recordedArgument(text)).toEqual({ pointer, value });
});

test('of a long value the length is written, and it is not known', () => {
  expect(argumentText(['text', 'x'.repeat(129)])).toBe('text: 129 characters');
  expect(recordedArgument('text: 129 characters')).toEqual({ pointer: 'text', value: undefined });
});

test('a name that was cut stands for no argument', () => {
  const text = argumentText(['p'.repeat(200), 'v']);
  expect(text).toBe(`${'p'.repeat(128)}…: 1 characters`);
  expect(recordedArgument(text)?.value).toBeUndefined();
});

test('a value from which a credential was taken is not known', () => {
  expect(recordedArgument('token=Bearer [GITHUB_TOKEN]')).toEqual({ pointer: 'token', value: undefined });
});

test.each(['', 'path', 'path: long', '"open', '"a=b', '"\\q"=x'])('%j is none', (text) => {
  expect(recordedArgument(text)).toBeUndefined();
});
