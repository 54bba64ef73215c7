import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemaReference } from '../../../src/cli/schema-reference.ts';
import { schemaToJson } from '../../../src/policy/check/cedar.ts';

const SCHEMA = readFileSync(new URL('../../../src/schema/leash.cedarschema', import.meta.url), 'utf8');

test('every action, entity, record and attribute of the schema has its line', () => {
  const page = schemaReference(schemaToJson(SCHEMA));
  expect(page).toContain('### Action::"FileWrite"\n\nOpening for writing');
  expect(page).toContain('In: `FileOpenReadWrite`');
  expect(page).toContain('### MCP::Tool');
  expect(page).toContain('| `sha256` | `String`, optional |');
  expect(page).toContain('| `ancestors` | `Set<File>` |');
});

test.each([
  ['entity A;', 'A'],
  ['@doc("a") entity A { name: String };', 'A.name'],
  ['@doc("a") entity A; action B appliesTo { principal: [A], resource: [A] };', 'Action::"B"'],
])('%s lacks a line', (schema, what) => {
  expect(() => schemaReference(schemaToJson(schema))).toThrow(`no @doc for ${what}`);
});
