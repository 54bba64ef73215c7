import { expect, test } from 'vitest';
import { optionValues } from '../../../../src/sandbox/mcp-servers/option-values.ts';

test('all words until the next option', () => {
  const values = (...words: string[]): readonly string[] =>
    optionValues(['claude', ...words], ['--mcp-config'], 'many');
  expect(values('-p', 'hi', '--mcp-config', 'a.json', '{}', '--strict-mcp-config', 'no')).toEqual(['a.json', '{}']);
  expect(values('--mcp-config=a.json', 'hi')).toEqual(['a.json']);
  expect(values('--mcp-config', 'a', '--mcp-config', 'b', '--mcp-config=c', 'd')).toEqual(['a', 'b', 'c']);
  expect(values('--mcp-config')).toEqual([]);
  expect(values('--mcp-config-x', 'a')).toEqual([]);
  expect(values('--', '--mcp-config', 'a')).toEqual([]);
});

test('one word, short and long', () => {
  const values = (...words: string[]): readonly string[] =>
    optionValues(['codex', ...words], ['-c', '--config'], 'one');
  expect(values('-c', 'a=1', 'prompt', '-cb=2', '--config', 'c=3', '--config=d=4')).toEqual([
    'a=1',
    'b=2',
    'c=3',
    'd=4',
  ]);
});

test('the program itself is no option', () => {
  expect(optionValues(['--mcp-config', 'a'], ['--mcp-config'], 'many')).toEqual([]);
});
