// Lists are filtered by their shape, and what stays is as it was sent.
import { expect, test } from 'vitest';
import { withEdits } from '../../../src/json/edits.ts';
import { type Keeps, listEdits } from '../../../src/mcp/lists.ts';
import { responseOf } from './read.ts';

function filtered(text: string, keeps: Keeps): string {
  return withEdits(text, listEdits(responseOf(text), keeps));
}

const LIST = `{"jsonrpc":"2.0", "id":1,\r\n "result":{ "tools" : [ {"name":"a","n":1.0} , {"name":"get-env"},{"name":"c\\u002f"}],
  "nextCursor":"n", "cacheScope" : "public","ttlMs":9007199254740993}}`;

test('a tool is taken out, its neighbours stay to the letter, and the list is private', () => {
  const expected = LIST.replace('{"name":"get-env"},', '').replace('"public"', '"private"');
  expect(filtered(LIST, (_, entry) => entry['name'] !== 'get-env')).toBe(expected);
});

test('where nothing is taken out, nothing changes', () => {
  expect(listEdits(responseOf(LIST), () => true)).toEqual([]);
});

test('all may go', () => {
  expect((JSON.parse(filtered(LIST, () => false)) as { result: object }).result).toMatchObject({
    tools: [],
    nextCursor: 'n',
  });
});

test.each([
  ['tools', 'name', 'tools'],
  ['prompts', 'name', 'prompts'],
  ['resources', 'uri', 'resources'],
  ['resourceTemplates', 'uriTemplate', 'resourceTemplates'],
  ['Tools', 'name', 'tools'],
  ['tool\u017f', 'name', 'tools'],
])('%s are known by their shape', (key, name, kind) => {
  const text = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    result: { [key]: [{ [name]: 'x' }, { [name]: 'y' }, 'z', { other: 1 }] },
  });
  const seen: unknown[] = [];
  const left = filtered(text, (...given) => {
    seen.push(given);
    return given[1][name] === 'y';
  });
  expect(JSON.parse(left)).toEqual({ jsonrpc: '2.0', id: 1, result: { [key]: [{ [name]: 'y' }] } });
  expect(seen).toEqual([
    [kind, { [name]: 'x' }, `{"${name}":"x"}`],
    [kind, { [name]: 'y' }, `{"${name}":"y"}`],
  ]);
});

test('what is no list is left alone', () => {
  for (const result of ['null', '[]', '{"tools":{}}', '{"content":[{"type":"text","text":"tools"}]}'])
    expect(listEdits(responseOf(`{"jsonrpc":"2.0","id":1,"result":${result}}`), () => false)).toEqual([]);
  expect(listEdits(responseOf('{"jsonrpc":"2.0","id":1,"error":{"tools":[{}]}}'), () => false)).toEqual([]);
});

test('the entry is handed over as it was sent, for its pin', () => {
  const texts: string[] = [];
  filtered(LIST, (_, _entry, text) => texts.push(text) > 0);
  expect(texts).toEqual(['{"name":"a","n":1.0}', '{"name":"get-env"}', '{"name":"c\\u002f"}']);
});
