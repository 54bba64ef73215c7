// Headers that say the same as the body pass, in whatever encoding the protocol allows; any other is named.
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/strict-json.ts';
import { headerMismatch, parameterHeaders } from '../../../src/mcp/headers.ts';
import { call, messages } from './read.ts';

const PARAMETERS = parameterHeaders({
  name: 'sql',
  inputSchema: {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      limit: { type: 'integer', 'x-mcp-header': 'Limit' },
      dry: { type: 'boolean', 'x-mcp-header': 'Dry' },
      opts: { type: 'object', properties: { tenant: { type: 'string', 'x-mcp-header': 'Tenant' } } },
      list: { type: 'array', items: { type: 'string', 'x-mcp-header': 'Item' } },
    },
  },
});

const CALL = call('tools/call', {
  name: 'sql',
  arguments: { region: 'us-west1', limit: 42, dry: true, opts: { tenant: 'a' } },
  _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' },
});

function mismatch(headers: Readonly<Record<string, string>>, body: string = CALL): string | undefined {
  const fields = Object.entries(headers).map(([name, value]) => ({ name, value }));
  return headerMismatch(fields, messages(body), PARAMETERS);
}

const coded = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;

test('annotations count where properties alone lead to them', () => {
  expect([...PARAMETERS]).toEqual([
    ['region', ['region']],
    ['limit', ['limit']],
    ['dry', ['dry']],
    ['tenant', ['opts', 'tenant']],
  ]);
  expect(
    parameterHeaders({ inputSchema: { properties: { a: { 'x-mcp-header': 'a b' }, b: { 'x-mcp-header': '' } } } }).size,
  ).toBe(0);
  expect(parameterHeaders({} as JsonObject).size).toBe(0);
});

test.each([
  [{ 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': 'sql' }],
  [{ 'mcp-name': coded('sql') }],
  [
    {
      'mcp-param-region': 'us-west1',
      'mcp-param-limit': '42',
      'MCP-PARAM-DRY': 'true',
      'Mcp-Param-Tenant': coded('a'),
    },
  ],
  [{ 'mcp-param-limit': '42.0' }],
  [{ 'mcp-param-unknown': 'anything' }],
  [{ 'content-type': 'text/plain', 'mcp-session-id': 'x' }],
])('%j agrees', (headers) => {
  expect(mismatch(headers)).toBeUndefined();
});

test.each([
  [{ 'Mcp-Method': 'tools/list' }, 'the header "mcp-method" names another method than the body'],
  [{ 'Mcp-Method': 'Tools/call' }, 'the header "mcp-method" names another method than the body'],
  [{ 'Mcp-Method': coded('tools/call') }, 'the header "mcp-method" names another method than the body'],
  [{ 'Mcp-Name': 'echo' }, 'the header "mcp-name" names another than the body'],
  [{ 'Mcp-Name': '' }, 'the header "mcp-name" names another than the body'],
  [{ 'Mcp-Name': coded('echo') }, 'the header "mcp-name" names another than the body'],
  [{ 'Mcp-Name': '=?BASE64?c3Fs?=' }, 'the header "mcp-name" names another than the body'],
  [{ 'Mcp-Name': '=?base64?c3Fs ?=' }, 'the header "mcp-name" is not encoded as it must be'],
  [{ 'Mcp-Name': '=?base64?YQ?=' }, 'the header "mcp-name" is not encoded as it must be'],
  [{ 'Mcp-Name': '=?base64?/w==?=' }, 'the header "mcp-name" is not encoded as it must be'],
  [{ 'Mcp-Name': 's\u00e9l' }, 'the header "mcp-name" is not encoded as it must be'],
  [{ 'MCP-Protocol-Version': '2025-11-25' }, 'the header "mcp-protocol-version" names another version than the body'],
  [{ 'Mcp-Param-Region': 'eu' }, 'the header "mcp-param-region" has another value than the argument'],
  [{ 'Mcp-Param-Limit': '43' }, 'the header "mcp-param-limit" has another value than the argument'],
  [{ 'Mcp-Param-Limit': '0x2a' }, 'the header "mcp-param-limit" has another value than the argument'],
  [{ 'Mcp-Param-Dry': 'True' }, 'the header "mcp-param-dry" has another value than the argument'],
])('%j does not', (headers, reason) => {
  expect(mismatch(headers)).toBe(reason);
});

test('a header for an argument that is absent, or for nothing that has a name', () => {
  const bare = call('tools/call', { name: 'sql', arguments: { region: null } });
  expect(mismatch({ 'mcp-param-limit': '42' }, bare)).toMatch(/another value/);
  expect(mismatch({ 'mcp-param-region': 'null' }, bare)).toMatch(/another value/);
  expect(mismatch({ 'mcp-name': 'x' }, call('tools/list'))).toMatch(/names another/);
  expect(mismatch({ 'mcp-protocol-version': '2025-06-18' }, bare)).toBeUndefined();
});

test('a number that is no integer has no header', () => {
  expect(
    mismatch({ 'mcp-param-limit': '1.5' }, call('tools/call', { name: 'sql', arguments: { limit: 1.5 } })),
  ).toMatch(/another value/);
});

test('names of resources and tasks', () => {
  const uri = 'file:///\u00e9';
  expect(mismatch({ 'mcp-name': coded(uri) }, call('resources/read', { uri }))).toBeUndefined();
  expect(mismatch({ 'mcp-name': 't1' }, call('tasks/get', { taskId: 't1' }))).toBeUndefined();
  expect(mismatch({ 'mcp-name': 'file:///b' }, call('resources/read', { uri, name: 'file:///b' }))).toMatch(
    /names another/,
  );
});

test('a value that looks encoded must be', () => {
  const name = '=?base64?literal?=';
  expect(mismatch({ 'mcp-name': coded(name) }, call('tools/call', { name }))).toBeUndefined();
  expect(mismatch({ 'mcp-name': name }, call('tools/call', { name }))).toMatch(/not encoded/);
});

test('one header twice, or beside a batch, has no one meaning', () => {
  const twice = [
    { name: 'Mcp-Name', value: 'sql' },
    { name: 'mcp-name', value: 'sql' },
  ];
  expect(headerMismatch(twice, messages(CALL))).toBe('the header "mcp-name" stands twice');
  expect(mismatch({ 'mcp-method': 'tools/call' }, `[${CALL}]`)).toMatch(/stands beside what is no single request/);
  expect(mismatch({ 'mcp-method': 'x' }, '{"jsonrpc":"2.0","id":1,"result":{}}')).toMatch(/stands beside/);
});
