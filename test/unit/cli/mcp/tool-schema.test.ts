// Tools are put to the generator of Cedar for Agents: what comes out is a schema that Cedar reads, whatever servers call their tools.
import { expect, test } from 'vitest';
import { toolSchema } from '../../../../src/cli/mcp/tool-schema.ts';
import { schemaToJson } from '../../../../src/policy/check/cedar.ts';
import { HOSTILE } from './sample-call.ts';

const tool = (name: string, properties: object = {}): { name: string; inputSchema: object } => ({
  name,
  inputSchema: { type: 'object', properties, required: Object.keys(properties) },
});
const seen = (server: string, ...tools: readonly { name: string }[]) => tools.map((each) => ({ server, tool: each }));

test('each server is a namespace, each tool an action with its arguments', () => {
  const { texts, json, left } = toolSchema([
    ...seen('tools.example:8080', tool('read', { path: { type: 'string' } })),
    ...seen('files', tool('list')),
  ]);
  expect(left).toEqual([]);
  expect(texts[0]).toContain('namespace tools_example_8080');
  expect(texts[0]).toContain('path: String');
  expect(Object.keys(json).toSorted()).toEqual(['files', 'tools_example_8080']);
  expect(json['files']?.actions).toHaveProperty('list');
  expect(schemaToJson(texts.join('\n'))).toEqual(json);
});

test('servers whose names are alike do not share a namespace, and none has a reserved one', () => {
  const names = ['a.b', 'a_b', 'a:b', 'in', '__cedar', '::1', '127.0.0.1', ''];
  const { texts, json, left } = toolSchema(names.flatMap((name) => seen(name, tool('x'))));
  expect(left).toEqual([]);
  expect(texts).toHaveLength(names.length);
  expect(Object.keys(json)).toHaveLength(names.length);
  expect(Object.keys(json)).toEqual(
    expect.arrayContaining(['a_b', 'a_b_2', 'a_b_3', 'mcp_in', 'mcp_cedar', '_127_0_0_1']),
  );
  schemaToJson(texts.join('\n'));
});

test('tools that cannot be named are left out and said, the others stay', () => {
  const { texts, left } = toolSchema(
    seen(
      's',
      tool('good'),
      tool('a-b'),
      tool(HOSTILE),
      tool('in'),
      { name: 'bare' },
      tool('also', { 'x: Long }; }': {} }),
    ),
  );
  expect(left.map(({ tool: name }) => name)).toEqual(['a-b', HOSTILE, 'in', 'bare', 'also']);
  expect(texts.join()).toContain('action "good"');
  expect(texts.join()).not.toContain('owned');
});

test('a schema nested without end is left out, and the next is made', () => {
  let deep: object = { type: 'string' };
  for (let level = 0; level < 4_000; level++) deep = { type: 'array', items: deep };
  const { left, texts } = toolSchema(seen('s', tool('deep', { deep }), tool('good')));
  expect(left.map(({ tool: name }) => name)).toEqual(['deep']);
  expect(texts.join()).toContain('action "good"');
});
