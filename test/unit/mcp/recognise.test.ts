// MCP is recognised by what is said, in whatever form some server would read it; other protocols over JSON-RPC are not.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { isFault, readMessages } from '../../../src/mcp/message.ts';
import {
  isEndpointEvent,
  isMcpBody,
  isMcpHead,
  isNoMessage,
  mayHoldObject,
  namesForeignCharset,
} from '../../../src/mcp/recognise.ts';
import { call } from './read.ts';

const CALL = call('tools/call', { name: 'get-env', arguments: {} });
const INITIALIZE = call('initialize', { protocolVersion: '2025-06-18', capabilities: {} });

/** What the reference does not see, or sees and lets pass; each was executed by a server (research: MCP, evasion matrix). */
const BYPASSES: readonly (readonly [string, string | Buffer, boolean])[] = [
  ['padding beyond 1 MiB', call('tools/call', { name: 'get-env', arguments: { pad: 'x'.repeat(1_200_000) } }), true],
  ['90 KB of blanks before', CALL.padStart(90_000), true],
  ['a batch', `[${CALL}]`, true],
  ['a mixed batch', `[${call('ping')},${CALL}]`, true],
  ['keys in another case', CALL.replace('method', 'Method').replace('name', 'Name'), false],
  ['trailing data', `${CALL} true`, false],
  ['no jsonrpc', CALL.replace('"jsonrpc":"2.0",', ''), false],
  ['__proto__', CALL.replace('"params":', '"params":{"__proto__":{"name":"get-env"}},"x":'), false],
  ['byte order mark', `\uFEFF${CALL}`, false],
  ['the key twice', CALL.replace('"id":1', '"id":1,"method":"x"'), false],
  ['escaped method', CALL.replace('tools/call', 't\\u006fols\\/call'), true],
  ['escaped method, unsound', `${CALL.replace('tools/call', 't\\u006Fols\\u002Fcall')},`, false],
  ['UTF-16, little end first', Buffer.from(`\uFEFF${CALL}`, 'utf16le'), false],
  ['UTF-16, big end first', Buffer.from(CALL, 'utf16le').swap16(), false],
  ['Latin-1', Buffer.from(CALL.replace('{}', '{"a":"\u00e9"}'), 'latin1'), false],
  ['too deep', CALL.replace('{}', `${'['.repeat(99)}${']'.repeat(99)}`), false],
  ['cut off', CALL.slice(0, -2), false],
];

test.each(BYPASSES)('%s: seen as MCP, and then read or refused', (_, body, isRead) => {
  const bytes = Buffer.from(body as string);
  expect(isMcpBody(bytes)).toBe(true);
  expect(isFault(readMessages(bytes, { mayBeBatch: true }))).toBe(!isRead);
});

test.each([
  INITIALIZE,
  call('tools/list'),
  call('server/discover', {}),
  '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  call('elicitation/create', { message: 'x' }),
])('%s is MCP', (text) => {
  expect(isMcpBody(Buffer.from(text))).toBe(true);
});

test.each([
  ['LSP', call('initialize', { processId: 1, capabilities: {}, rootUri: null })],
  ['LSP', call('textDocument/hover', { position: {} })],
  ['LSP', '{"jsonrpc":"2.0","method":"initialized","params":{}}'],
  ['the Agent Client Protocol', call('initialize', { protocolVersion: 1 })],
  ['Ethereum', call('eth_call', { to: '0x0' })],
  ['Ethereum', '{"jsonrpc":"2.0","method":"eth_blockNumber","params":[],"id":83}'],
  ['Ethereum', '[{"jsonrpc":"2.0","method":"net_version","params":[],"id":1}]'],
  ['anything', call('ping')],
  ['anything', '{"jsonrpc":"2.0","id":1,"result":{}}'],
  ['a model', JSON.stringify({ messages: [{ role: 'user', content: CALL }], method: 'x' })],
  ['a model', JSON.stringify({ messages: [{ method: 'tools/call' }] })],
  ['a list', '["tools/call"]'],
  ['LSP, unsound', `${call('initialize', { processId: 1 })},`],
  ['anything, unsound', `${call('ping')},`],
  ['no JSON', 'tools/call=1&method=tools/call'],
  ['bytes', '\0\x01\x02PACK'],
  ['nothing', ''],
])('%s: %.60s is not', (_, text) => {
  expect(isMcpBody(Buffer.from(text))).toBe(false);
});

test('heads of both sides', () => {
  const names = ['Mcp-Session-Id', 'mcp-protocol-version', 'MCP-Method', 'Mcp-Name', 'mcp-param-region'];
  for (const name of names) expect(isMcpHead([{ name: 'accept' }, { name }])).toBe(true);
  for (const name of ['x-mcp-method', 'mcp', 'mcp-names', 'content-type']) expect(isMcpHead([{ name }])).toBe(false);
});

test('the endpoint event of 2024-11-05', () => {
  expect(isEndpointEvent('endpoint', '/messages?sessionId=1')).toBe(true);
  expect(isEndpointEvent('message', '/messages')).toBe(false);
  expect(isEndpointEvent('endpoint', '')).toBe(false);
  expect(isEndpointEvent('endpoint', '{"a": 1}')).toBe(false);
});

test('a charset in which MCP could hide', () => {
  for (const type of ['application/json', 'application/json; charset=utf-8', 'text/plain;Charset="UTF8"', ''])
    expect(namesForeignCharset(type)).toBe(false);
  for (const type of [
    'application/json;charset=utf-7',
    'text/plain; charset = "IBM037"',
    'a/b; charset=utf-8; charset=cp500',
    "a/b; charset*=utf-16''x",
  ])
    expect(namesForeignCharset(type)).toBe(true);
});

test.each([
  ['{"error":"invalid_token"}', true],
  ['{"name":"a server","tools":[]}', true],
  ['[1]', true],
  ['{"Result":{}}', false],
  ['[{"a":1},{"method":"x"}]', false],
  ['{"a":1}x', false],
  ['{"jsonrpc":"2.0"}', false],
])('%s is no message: %s', (text, expected) => {
  expect(isNoMessage(Buffer.from(text))).toBe(expected);
});

test.each([
  ['Server started', false],
  ['[INFO] 10%', false],
  ['', false],
  ['log: {"a":1}', true],
  ['\0{', true],
])('%j may hold an object: %s', (text, expected) => {
  expect(mayHoldObject(Buffer.from(text))).toBe(expected);
});
