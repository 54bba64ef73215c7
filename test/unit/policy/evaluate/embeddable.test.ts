import { describe, expect, test } from 'vitest';
import { isEmbeddable } from '../../../../src/policy/evaluate/embeddable.ts';
import type { Request } from '../../../../src/schema/request.ts';

const program = { exe: '/bin/x', uid: 0 };
const PATH = { type: 'path', path: '/a' };
const HOST = { type: 'host', name: 'a.example' };
const HALF = '\ud800';

const call = (name: string, server = 's', args: readonly (readonly [string, string])[] = []): unknown => ({
  action: 'McpCall',
  resource: { type: 'tool', name, server },
  method: 'tools/call',
  args: new Map(args),
});
const connect = { action: 'NetConnect', resource: HOST, program, port: 443, protocol: 'tcp', ip: '10.0.0.1' };
const write = { action: 'FileWrite', resource: PATH, program };
const exec = { action: 'ProcessExec', resource: PATH, program, argv: [] };
const use = { action: 'SecretUse', resource: { type: 'secret', name: 's' }, host: HOST, port: 443, header: 'x-key' };
const ask = (name: string): unknown => ({
  action: 'HttpRequest',
  resource: HOST,
  program,
  port: 443,
  method: 'POST',
  path: '/',
  query: '',
  scheme: 'https',
  headers: new Map(),
  model: { provider: 'p', name: 'm', tools: ['t', name], serverTools: [], mcpServers: [] },
});

describe('has a form', () => {
  test.each<readonly [string, unknown]>([
    ['a file', write],
    ['a program of an MCP server', { ...write, program: { ...program, via: 'mcp:./fi les\u{1f600}' } }],
    ['a directory', { ...write, resource: { type: 'path', path: '/a/' } }],
    ['a program', exec],
    ['a connection', connect],
    ['a tool', call('t', 's', [['path', '\u{1f600}']])],
    ['a server', { action: 'McpCall', resource: { type: 'server', name: 's' }, method: 'ping', args: new Map() }],
    ['a secret', use],
    ['a header', { action: 'HttpRewrite', resource: HOST, port: 443, header: 'x-key', value: 'v' }],
    ['a call of a model', ask('\u{1f600}')],
  ])('%s', (_, request) => {
    expect(isEmbeddable(request as Request)).toBe(true);
  });
});

describe('has none', () => {
  test.each<readonly [string, unknown]>([
    ['a program of what is no MCP server', { ...write, program: { ...program, via: 'files' } }],
    ['a program of a server without a name', { ...connect, program: { ...program, via: 'mcp:' } }],
    ['a program of half a character', { ...exec, program: { ...program, via: `mcp:${HALF}` } }],
    ['a program of a server with NUL in its name', { ...write, program: { ...program, via: 'mcp:a\0' } }],
    ['a program of a server behind a line end', { ...write, program: { ...program, via: '\nmcp:a' } }],
    ['a group of actions', { ...write, action: 'FileOpen' }],
    ['an action called like a method of objects', { ...write, action: 'constructor' }],
    ['a file that is a host', { ...write, resource: HOST }],
    ['a connection to a file', { ...connect, resource: PATH }],
    ['a call of a file', { ...write, action: 'McpCall', method: 'ping', args: new Map() }],
    ['a secret that is a host', { ...use, resource: HOST }],
    ['a relative path', { ...write, resource: { type: 'path', path: 'a' } }],
    ['a directory to execute', { ...exec, resource: { type: 'path', path: '/bin/' } }],
    ['an address that is none', { ...connect, ip: '10.0.0' }],
    ['a host spelt like a group', { ...connect, resource: { type: 'host', name: '*.example' } }],
    ['a secret for a host spelt like a group', { ...use, host: { type: 'host', name: '@registry/npm' } }],
    ['a tool with half a character in its name', call(HALF)],
    ['a server with half a character in its name', call('t', HALF)],
    ['an argument with half a character in its name', call('t', 's', [[HALF, 'x']])],
    ['a tool of a model with half a character in its name', ask(HALF)],
    ['an argument with half a character in it', call('t', 's', [['x', `a${HALF}`]])],
  ])('%s', (_, request) => {
    expect(isEmbeddable(request as Request)).toBe(false);
  });
});
