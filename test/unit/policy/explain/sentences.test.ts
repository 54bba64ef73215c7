import { expect, test } from 'vitest';
import { requestText, statementName } from '../../../../src/policy/explain/sentences.ts';
import type { Request } from '../../../../src/schema/request.ts';

const program = { exe: '/bin/sh', uid: 0 };
const host = { type: 'host', name: 'a.com' } as const;

const http = {
  action: 'HttpRequest',
  resource: host,
  program,
  port: 80,
  method: 'GET',
  path: '/x',
  query: '',
  scheme: 'http',
  headers: new Map(),
} as const;
const model = { provider: 'p', name: 'm', tools: [], serverTools: [], mcpServers: [] };

test.each([
  [{ action: 'FileWrite', resource: { type: 'path', path: '/a/' }, program }, 'FileWrite Dir::"/a/"'],
  [
    { action: 'ProcessExec', resource: { type: 'path', path: '/bin/x' }, program, argv: ['x', 'a b'] },
    'ProcessExec File::"/bin/x" ["x","a b"]',
  ],
  [
    { action: 'NetConnect', resource: host, program, port: 22, protocol: 'tcp', ip: '10.0.0.1' },
    'NetConnect Host::"a.com" port 22/tcp at 10.0.0.1',
  ],
  [{ ...http, method: 'PUT', query: 'token=s3cret' }, 'HttpRequest Host::"a.com" PUT http, port 80, /x'],
  [
    { ...http, git: { operation: 'push', repository: 'a.com/x' }, model },
    'HttpRequest Host::"a.com" GET http, port 80, /x, git push of a.com/x, model m of p',
  ],
  [
    { action: 'SecretUse', resource: { type: 'secret', name: 'gh' }, host, port: 443, header: 'authorization' },
    'SecretUse Secret::"gh" for Host::"a.com" port 443, in header authorization',
  ],
  [
    { action: 'HttpRewrite', resource: host, port: 80, header: 'x-key', value: 'secret' },
    'HttpRewrite Host::"a.com" port 80, header x-key',
  ],
  [
    {
      action: 'McpCall',
      resource: { type: 'tool', name: 'read', server: 'fs' },
      method: 'tools/call',
      args: new Map([['path', 'secret']]),
    },
    'McpCall MCP::Tool::"read" in MCP::Server::"fs" tools/call',
  ],
  [{ action: 'DnsResolve', resource: host, qtype: 'AAAA' }, 'DnsResolve Host::"a.com"'],
] as const satisfies readonly (readonly [Request, string])[])('%j', (request, text) => {
  expect(requestText(request)).toBe(text);
});

test('an id that is already the place is said once', () => {
  const statement = {
    effect: 'permit',
    source: 'p.cedar',
    line: 3,
    column: 1,
    annotations: {},
    mode: 'enforce',
    expired: false,
    text: '',
  } as const;
  expect(statementName({ ...statement, id: 'p.cedar:3' })).toBe('p.cedar:3');
  expect(statementName({ ...statement, id: 'x' })).toBe('x (p.cedar:3)');
});
