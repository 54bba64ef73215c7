// What requests of each known API ask for, and what of them cannot be told for certain.
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/json/strict-json.ts';
import { type ModelRequest, readModelRequest } from '../../../../src/proxy/model/model-request.ts';
import { REQUESTS } from './known-requests.ts';

function read(host: string, path: string, body: unknown): ModelRequest | undefined {
  return readModelRequest(host, path, JSON.parse(JSON.stringify(body)) as JsonValue);
}

const user = [{ role: 'user', content: 'hello' }];

test.each(REQUESTS)(
  '%s',
  (_name, host, path, body, { tools = [], serverTools = [], mcpServers = [], isStreaming = false, ...rest }) => {
    const seen = read(host, path, body);
    expect(seen).toMatchObject({ ...rest, isStreaming, doubts: [] });
    expect([...(seen?.tools ?? [])].sort()).toEqual(tools.toSorted());
    expect([...(seen?.serverTools ?? [])].sort()).toEqual(serverTools.toSorted());
    expect([...(seen?.mcpServers ?? [])].sort()).toEqual(mcpServers.toSorted());
    expect(JSON.stringify([...(seen?.mcpServers ?? [])])).not.toMatch(/s3cret|pw/);
  },
);

test.each([
  ['/v1/%6dessages', { messages: user, model: 'm' }],
  ['//v1///messages/', { messages: user, model: 'm' }],
  ['/V1/Messages;x=1', { messages: user, model: 'm' }],
  ['/anything', { Messages: [{ Role: 'user' }], MODEL: 'm', MCP_Servers: [{ url: 'https://a.example/' }] }],
  ['/anything', { mcpServers: [{ url: 'https://a.example/' }] }],
])('a path or a body in another spelling is a request to a model all the same: %s', (path, body) => {
  expect(read('x.example', path, body)).toBeDefined();
});

test.each([
  ['a key in other letters', { Mcp_Servers: [] }, '"Mcp_Servers" may be read as "mcp_servers"'],
  ['a long s, as Go folds it', { mcp_ſervers: [] }, '"mcp_?ervers" may be read as "mcp_servers"'],
  [
    'two spellings',
    { mcp_servers: [], mcpServers: [] },
    '"mcp_servers" and "mcpServers" are two spellings of one field',
  ],
  ['servers that are no list', { mcp_servers: { url: 'https://a.example/' } }, '"mcp_servers" is not a list'],
  ['tools that are no list', { tools: { type: 'mcp' } }, '"tools" is not a list'],
  ['a tool that is none', { tools: [7] }, 'a tool is no object'],
  ['a model to fall back on', { models: ['other'] }, 'it names several models, "m" and "other"'],
  ['a stored prompt', { prompt: { id: 'pmpt_1' } }, 'it uses a stored prompt, whose tools are not in the request'],
  [
    'a stored assistant',
    { assistant_id: 'a' },
    'it uses a stored assistant ("assistant_id"), whose tools are not in the request',
  ],
  [
    'a batch in a file',
    { input_file_id: 'f', endpoint: '/v1/responses' },
    'the requests of a batch lie in a file that cannot be looked at',
  ],
  ['no model', { model: 7 }, '"model" is not a name'],
])('what cannot be told for certain is said: %s', (_name, extra, doubt) => {
  expect(read('api.openai.com', '/v1/responses', { model: 'm', input: 'x', ...extra })?.doubts).toContain(doubt);
});

test('a body of a telling path that is no object is a doubt', () => {
  expect(read('a.example', '/v1/messages', [])?.doubts).toEqual(['it is no JSON object']);
});

test.each([
  ['/api/v9/channels/1/messages', { content: 'hi' }],
  ['/graphql', { query: '{a}', variables: { model: 'x' } }],
  ['/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x' } }],
  ['/_bulk', { index: {} }],
  ['/', []],
  ['/', 'text'],
  ['/', null],
])('other requests are none: %s %j', (path, body) => {
  expect(read('other.example', path, body)).toBeUndefined();
});
