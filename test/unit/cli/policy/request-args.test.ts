import { expect, test } from 'vitest';
import { explainCommand } from '../../../../src/cli/commands/policy/explain.command.ts';
import { parse } from '../../../../src/cli/parse.ts';
import { requestArgs } from '../../../../src/cli/policy/request-args.ts';
import type { Request } from '../../../../src/schema/request.ts';

const FACTS = { agent: 'claude', session: 's', user: 'u', workspace: '/w/', home: '/home/u/', tmp: '/tmp/' };
const read = (...args: readonly string[]): Request => requestArgs(parse(explainCommand, args), FACTS);
const uid = process.getuid?.() ?? 0;

test.each([
  ['/etc/hosts', '/etc/hosts'],
  ['@workspace/src/', '/w/src/'],
  ['@home/.ssh/x', '/home/u/.ssh/x'],
  ['src/a.c', '/w/src/a.c'],
  ['./a', '/w/a'],
  ['File::"/a b/\\u{e9}"', '/a b/é'],
  ['Dir::"@tmp/"', '/tmp/'],
  ['/', '/'],
])('the path %s is %s', (word, path) => {
  expect(read('FileWrite', word)).toEqual({
    action: 'FileWrite',
    resource: { type: 'path', path },
    program: { exe: '', uid },
  });
});

test('a program has its path before its arguments, and may be asked for by another', () => {
  expect(read('ProcessExec', '/bin/ls', '--arg', '-l'.slice(1), '--arg=-a', '--exe', '/bin/sh')).toEqual({
    action: 'ProcessExec',
    resource: { type: 'path', path: '/bin/ls' },
    program: { exe: '/bin/sh', uid },
    argv: ['/bin/ls', 'l', '-a'],
  });
});

test('a program may belong to an MCP server', () => {
  for (const [action, resource] of [
    ['FileWrite', '/a'],
    ['ProcessExec', '/bin/ls'],
    ['NetConnect', 'a.example'],
    ['HttpRequest', 'a.example'],
  ] as const)
    expect(read(action, resource, '--via', 'mcp:files')).toMatchObject({ program: { exe: '', uid, via: 'mcp:files' } });
  expect(() => read('FileWrite', '/a', '--via', 'files')).toThrow(
    '--via needs an MCP server such as mcp:files, got "files"',
  );
  expect(() => read('FileWrite', '/a', '--via', 'mcp:')).toThrow('--via needs');
  expect(() => read('DnsResolve', 'a.example', '--via', 'mcp:files')).toThrow('--via says nothing about DnsResolve');
});

test('a call of a tool has its server and arguments, one of a server its method', () => {
  expect(
    read('McpCall', 'MCP::Tool::"rm"', '--server', 's.example', '--arg', 'path=/a=b', '--arg', 'opts/force=true'),
  ).toEqual({
    action: 'McpCall',
    resource: { type: 'tool', name: 'rm', server: 's.example' },
    method: 'tools/call',
    args: new Map([
      ['path', '/a=b'],
      ['opts/force', 'true'],
    ]),
  });
  expect(read('McpCall', 's.example', '--method', 'tools/list')).toMatchObject({ resource: { type: 'server' } });
  for (const wrong of [
    ['rm'],
    ['rm', '--method', 'tools/call'],
    ['rm', '--server', 's', '--method', 'ping'],
    ['rm', '--server', 's', '--arg', 'x'],
  ])
    expect(() => read('McpCall', ...wrong)).toThrow();
});

test('connections: port from the option, the resource, or 443; the address of a literal is its own', () => {
  expect(read('NetConnect', 'a.com')).toMatchObject({ port: 443, protocol: 'tcp', ip: '198.18.0.7' });
  expect(read('NetConnect', 'Host::"a.com:22"')).toMatchObject({ resource: { type: 'host', name: 'a.com' }, port: 22 });
  expect(read('NetConnect', '10.0.0.1:53', '--port', '54', '--protocol', 'udp')).toMatchObject({
    port: 54,
    protocol: 'udp',
    ip: '10.0.0.1',
  });
  expect(read('NetConnect', '[::1]:80', '--ip', '::2')).toMatchObject({
    resource: { name: '::1' },
    port: 80,
    ip: '::2',
  });
});

test('HTTP and names', () => {
  expect(
    read('HttpRequest', 'a.com', '--method', 'PUT', '--path', '/x?y', '--scheme', 'http', '--header', 'X-A: b:c'),
  ).toEqual({
    action: 'HttpRequest',
    resource: { type: 'host', name: 'a.com' },
    program: { exe: '', uid: process.getuid?.() ?? 0 },
    port: 443,
    method: 'PUT',
    path: '/x',
    query: 'y',
    scheme: 'http',
    headers: new Map([['x-a', 'b:c']]),
  });
  expect(read('Action::"DnsResolve"', 'a.com', '--qtype', 'TXT')).toMatchObject({ action: 'DnsResolve', qtype: 'TXT' });
});

test.each([
  [[], /say which action/],
  [['FileWrite'], /say on which resource/],
  [['Filewrite', '/x'], /no request has the action "Filewrite"; did you mean FileWrite\?/],
  [['x', '/x'], /no request has the action "x"; the actions are FileOpenReadOnly, /],
  [['FileOpen', '/x'], /FileOpen is a group of actions; a request has one of its members, such as FileWrite/],
  [['FileWrite', '/a/../b'], /is not a path that a request can have/],
  [['FileWrite', '/a', '--port', '1'], /--port says nothing about FileWrite; it is for NetConnect, HttpRequest/],
  [['FileWrite', '/a', '--exe', 'sh'], /--exe needs an absolute path/],
  [['ProcessExec', '/bin/'], /\/bin\/ is a directory, and no directory is executed/],
  [['NetConnect', '*.a.com'], /is not a host/],
  [['NetConnect', 'A.com'], /is not a host/],
  [['NetConnect', 'a.com', '--port', '65536'], /"65536" is not a port/],
  [['NetConnect', 'a.com', '--ip', '010.0.0.1'], /--ip needs an address/],
  [['HttpRequest', 'a.com', '--header', 's3cret'], /^--header needs NAME:VALUE$/],
])('%j', (args, message) => {
  expect(() => read(...args)).toThrow(
    expect.objectContaining({ code: 'LEASH_USAGE', message: expect.stringMatching(message) }),
  );
});
