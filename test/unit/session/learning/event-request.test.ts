import { expect, test } from 'vitest';
import type { Event } from '../../../../src/schema/event.ts';
import { recordedRequest } from '../../../../src/session/learning/event-request.ts';

const program = { exe: '/bin/sh', uid: process.getuid?.() ?? 0 };
const event = (changes: Partial<Event>): Event => ({
  v: 1,
  time: 0,
  who: { pid: 2, parent: 1, exe: '/bin/sh' },
  action: 'FileWrite',
  resource: { type: 'path', path: '/a' },
  effect: 'allow',
  enforced: true,
  policies: [],
  epoch: 1,
  ...changes,
});
const host = { type: 'host', name: 'a.com' } as const;

test.each([
  [{}, { action: 'FileWrite', resource: { type: 'path', path: '/a' }, program }, []],
  [
    { who: { pid: 2, parent: 1, exe: '/bin/sh', via: 'mcp:files' } },
    { action: 'FileWrite', resource: { type: 'path', path: '/a' }, program: { ...program, via: 'mcp:files' } },
    [],
  ],
  [
    { action: 'ProcessExec', detail: { argv: ['a', 'b'], cut: true } },
    { action: 'ProcessExec', resource: { type: 'path', path: '/a' }, program, argv: ['a', 'b'] },
    ['the ends of long texts'],
  ],
  [
    { action: 'NetConnect', resource: host, detail: { port: 22, protocol: 'tcp', ip: '198.18.0.9', bytes_in: 3 } },
    { action: 'NetConnect', resource: host, program, port: 22, protocol: 'tcp', ip: '198.18.0.9' },
    [],
  ],
  [
    {
      action: 'HttpRequest',
      resource: host,
      detail: { method: 'GET', path: '/x', scheme: 'https', port: 443, status: 200 },
    },
    {
      action: 'HttpRequest',
      resource: host,
      program,
      port: 443,
      method: 'GET',
      path: '/x',
      query: '',
      scheme: 'https',
      headers: new Map(),
    },
    ['headers', 'the query'],
  ],
  [
    { action: 'McpCall', resource: { type: 'server', name: 's' }, detail: { method: 'tools/list' } },
    { action: 'McpCall', resource: { type: 'server', name: 's' }, method: 'tools/list', args: new Map() },
    [],
  ],
  [
    {
      action: 'McpCall',
      resource: { type: 'tool', name: 't', server: 's' },
      detail: { method: 'tools/call', args: ['a=1'] },
    },
    { action: 'McpCall', resource: { type: 'tool', name: 't', server: 's' }, method: 'tools/call', args: new Map() },
    ['the arguments'],
  ],
  [
    { action: 'DnsResolve', resource: host, detail: { qtype: 'AAAA' } },
    { action: 'DnsResolve', resource: host, qtype: 'AAAA' },
    [],
  ],
] as const)('%j', (changes, request, missing) => {
  expect(recordedRequest(event(changes as Partial<Event>))).toEqual({ request, missing });
});

test.each(['SystemCall', 'SessionStart', 'PolicyLoad'] as const)('no policy decides %s', (action) => {
  expect(recordedRequest(event({ action, resource: { type: 'name', name: 'x' } }))).toBeUndefined();
});
