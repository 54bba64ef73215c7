import { expect, test } from 'vitest';
import { cedarSchema } from '../../../../src/policy/cedar-schema.ts';
import { schemaToJson } from '../../../../src/policy/check/cedar.ts';
import { vocabularyOf } from '../../../../src/policy/complete/vocabulary.ts';

test('every word of the schema is there, with its description', () => {
  const { actions, entityTypes, context, attributes } = vocabularyOf(schemaToJson(cedarSchema()));
  const names = (list: readonly { readonly name: string }[] = []) => list.map(({ name }) => name);
  expect(names(actions)).toEqual(expect.arrayContaining(['FileOpen', 'NetConnect', 'McpCall']));
  expect(names(entityTypes)).toEqual(expect.arrayContaining(['Host', 'MCP::Tool']));
  expect(names(context.get('FileWrite'))).toEqual(['proc']);
  expect(names(attributes.get('Host'))).toEqual(['name']);
  expect(names(attributes.get('Proc'))).toEqual(['ancestors', 'exe', 'sha256', 'uid', 'via']);
  expect([...actions, ...entityTypes].filter(({ doc }) => doc === '')).toEqual([]);
});
