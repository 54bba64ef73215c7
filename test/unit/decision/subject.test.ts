import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../../src/decision/subject.ts';
import type { HttpRequest, ModelCall, Request } from '../../../src/schema/request.ts';

const context = { agent: 'claude', texts: ['forbid …'] };
const program = { exe: '/usr/bin/cat', uid: 1000 };
const read: Request = { action: 'FileOpenReadOnly', resource: { type: 'path', path: '/w/a' }, program };
const exec: Request = {
  action: 'ProcessExec',
  resource: { type: 'path', path: '/bin/git' },
  program,
  argv: ['git', 'push'],
};
const connect: Request = {
  action: 'NetConnect',
  resource: { type: 'host', name: 'a.test' },
  program,
  port: 443,
  protocol: 'tcp',
  ip: '198.18.1.0',
};
const http: HttpRequest = {
  action: 'HttpRequest',
  resource: { type: 'host', name: 'a.test' },
  program,
  port: 443,
  method: 'GET',
  path: '/a',
  query: 'b=c',
  scheme: 'https',
  headers: new Map([['accept', '*/*']]),
};
const CALL: ModelCall = { provider: 'p', name: 'm', tools: ['a', 'b'], serverTools: ['s'], mcpServers: [] };
const asking = (model: Partial<ModelCall>): HttpRequest => ({ ...http, model: { ...CALL, ...model } });
const dns: Request = { action: 'DnsResolve', resource: { type: 'host', name: 'a.test' }, qtype: 'A' };
const header = 'authorization';
const rewrite: Request = {
  action: 'HttpRewrite',
  resource: { type: 'host', name: 'a.test' },
  port: 443,
  header,
  value: 'v',
};
const secret: Request = {
  action: 'SecretUse',
  resource: { type: 'secret', name: 's' },
  host: { type: 'host', name: 'a.test' },
  port: 443,
  header,
};
const key = (request: Request, more: Partial<Parameters<typeof subjectOf>[1]> = {}): string =>
  subjectOf(request, { ...context, ...more }).key;

describe('an approval is for nothing else than', () => {
  test.each<[string, Request, Request]>([
    ['the action', read, { ...read, action: 'FileWrite' }],
    ['the resource', read, { ...read, resource: { type: 'path', path: '/w/b' } }],
    ['the program', read, { ...read, program: { ...program, exe: '/usr/bin/head' } }],
    ['the content of the program', read, { ...read, program: { ...program, sha256: 'ab' } }],
    ['the MCP server of the program', read, { ...read, program: { ...program, via: 'mcp:a' } }],
    [
      'where the server was declared',
      { ...read, program: { ...program, via: 'mcp:a' } },
      { ...read, program: { ...program, via: 'mcp:./a' } },
    ],
    ['the arguments', exec, { ...exec, argv: ['git', 'push', '--force'] }],
    ['the bounds of arguments', exec, { ...exec, argv: ['git push'] }],
    ['the content that runs', exec, { ...exec, sha256: 'ab' }],
    ['the port', connect, { ...connect, port: 80 }],
    ['the protocol', connect, { ...connect, protocol: 'udp' }],
    ['the method', http, { ...http, method: 'POST' }],
    ['the path', http, { ...http, path: '/b' }],
    ['the query', http, { ...http, query: 'b=d' }],
    ['the scheme', http, { ...http, scheme: 'http' }],
    ['that no model is asked', http, asking({})],
    ['the model', asking({}), asking({ name: 'n' })],
    ['its provider', asking({}), asking({ provider: 'q' })],
    ['its tools', asking({}), asking({ tools: ['a'] })],
    ['tools of the provider', asking({}), asking({ serverTools: [] })],
    ['MCP servers', asking({}), asking({ mcpServers: ['https://mcp.example/'] })],
    ['whose tools they are', asking({}), asking({ tools: [], serverTools: ['a', 'b', 's'] })],
    ['the port of a header', rewrite, { ...rewrite, port: 80 }],
    ['the port of a credential', secret, { ...secret, port: 80 }],
    ['the type of a query', dns, { ...dns, qtype: 'TXT' }],
  ])('%s', (_what, one, other) => {
    expect(key(one)).not.toBe(key(other));
  });

  test('the agent, the texts that ask, and the program behind a request', () => {
    expect(key(read, { agent: 'codex' })).not.toBe(key(read));
    expect(key(read, { texts: ['forbid … when'] })).not.toBe(key(read));
    expect(key(read, { texts: [...context.texts, 'another'] })).not.toBe(key(read));
    expect(key(dns, { by: { exe: '/usr/bin/curl' } })).not.toBe(key(dns, { by: { exe: '/usr/bin/wget' } }));
    expect(key(dns, { by: { exe: '/usr/bin/node' } })).not.toBe(
      key(dns, { by: { exe: '/usr/bin/node', via: 'mcp:a' } }),
    );
    expect(key({ ...http, program: { ...program, exe: '/usr/bin/wget' } })).not.toBe(key(http));
  });

  test('nothing more than in earlier versions, where no MCP server asks: what was approved for always stays so', () => {
    expect(key(read)).toBe('98264c809b210ea5f87c48126a63fe8475457f5d95983eb75e23907aec72f339');
  });
});

test.each<[string, Request, Request]>([
  ['the address behind a name', connect, { ...connect, ip: '198.18.1.9' }],
  ['headers', http, { ...http, headers: new Map() }],
  ['the order of tools', asking({}), asking({ tools: ['b', 'a'] })],
  ['how a program came to run', read, { ...read, program: { ...program, ancestors: ['/bin/sh'] } }],
  ['the family of an address', dns, { ...dns, qtype: 'AAAA' }],
])('%s makes no other question', (_what, one, other) => {
  expect(key(one)).toBe(key(other));
});

test('of a call a bounded number of arguments is shown, and each whole or not at all; the key is of all', () => {
  const call = (last: string, count = 200): Request => ({
    action: 'McpCall',
    resource: { type: 'tool', name: 't', server: 's' },
    method: 'tools/call',
    args: new Map([['long', 'x'.repeat(2_000)], ...Array.from({ length: count }, (_, i) => [`a${i}`, last] as const)]),
  });
  const { particulars, key: one } = subjectOf(call('1'), context);
  const args = particulars['args'] as readonly string[];
  expect([args.slice(0, 4), args.length, args.at(-1)]).toEqual([
    ['long', '2000 characters', 'a0', '1'],
    257,
    'and 73 more',
  ]);
  expect(subjectOf(call('1', 201), context).key).not.toBe(one);
});

test('what a person is shown', () => {
  expect(subjectOf(exec, context)).toMatchObject({ exe: '/usr/bin/cat', particulars: { argv: ['git', 'push'] } });
  expect(subjectOf(http, context)).toMatchObject({
    exe: '/usr/bin/cat',
    particulars: { method: 'GET', path: '/a?b=c', scheme: 'https', port: 443 },
  });
});
