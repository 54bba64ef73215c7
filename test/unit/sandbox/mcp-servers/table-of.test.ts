import { describe, expect, test } from 'vitest';
import { parse, tableAt, withoutComments } from '../../../../src/sandbox/mcp-servers/table-of.ts';

describe('JSON with comments', () => {
  test.each([
    ['{"a": 1, // one\n "b": 2}', { a: 1, b: 2 }],
    ['/* a */ {"a": /* b */ [1, 2,], }', { a: [1, 2] }],
    ['{"a": "// no /* comment */ ,]"}', { a: '// no /* comment */ ,]' }],
    ['{"a": "\\"// no", "b": "\\\\"}// end', { a: '"// no', b: '\\' }],
    ['{"a": ",}", "b": [ "x" , /* y */ ] }', { a: ',}', b: ['x'] }],
    ['// only a comment', {}],
  ])('%j', async (text, value) => {
    expect(await parse(text, 'json with comments')).toEqual(value);
  });

  test.each(['{"a": "x', '{"a" 1}', '{', '{"a": 1} x', "{'a': 1}", '{"a": /* x }'])('%j stays wrong', async (text) => {
    await expect(parse(text, 'json with comments')).rejects.toThrow(SyntaxError);
  });

  test('what is no comment stays to the letter', () => {
    const text = JSON.stringify({ a: ['\\', '"', '/', '//', '/*', '*/', ',', ', ]', '\u2028'] });
    expect(withoutComments(text)).toBe(text);
  });
});

describe('as agents read', () => {
  test('of two keys the last counts', async () => {
    expect(await parse('{"a": 1, "a": 2}', 'json')).toEqual({ a: 2 });
  });

  test('__proto__ is a key', async () => {
    const value = (await parse('{"__proto__": {"x": 1}}', 'json')) as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('no depth is too much for the reader', async () => {
    const depth = 500_000;
    expect(Array.isArray(await parse('['.repeat(depth) + ']'.repeat(depth), 'json with comments'))).toBe(true);
  });

  test('comments in strict JSON are a fault, an empty text is none', async () => {
    await expect(parse('{} // x', 'json')).rejects.toThrow(SyntaxError);
    expect(await parse(' \n', 'json')).toEqual({});
  });

  test('TOML', async () => {
    expect(await parse('[mcp_servers."a.b"]\ncommand = "x"', 'toml')).toEqual({
      mcp_servers: { 'a.b': { command: 'x' } },
    });
    await expect(parse('a = ', 'toml')).rejects.toThrow();
    await expect(parse(`a = ${'['.repeat(200_000)}`, 'toml')).rejects.toThrow();
  });
});

test('the way to the table goes through what is written there, and through nothing else', () => {
  const value = { projects: { '/w': { mcpServers: { a: {} } } }, list: [{ mcpServers: {} }] };
  expect(tableAt(value, ['projects', '@workspace', 'mcpServers'], ['/link', '/w'])).toEqual({ a: {} });
  expect(tableAt(value, ['projects', '@workspace', 'mcpServers'], ['/other'])).toEqual({});
  expect(tableAt(value, ['constructor'], [])).toEqual({});
  expect(tableAt(value, ['list', '0'], [])).toEqual({});
  expect(tableAt([], ['length'], [])).toEqual({});
  expect(tableAt(null, ['a'], [])).toEqual({});
});
