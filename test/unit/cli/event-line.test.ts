import { expect, test } from 'vitest';
import { clockTime, eventLine } from '../../../src/cli/event-line.ts';
import type { Event } from '../../../src/schema/event.ts';
import { sampleEvent } from '../journal/sample-session.ts';

const time = new Date(2026, 10, 25, 14, 22, 33, 7).getTime();

function line(changes: Partial<Event>): string {
  return eventLine(sampleEvent({ time, ...changes }), (_style, text) => text).replaceAll(/ +/g, ' ');
}

test('the time of day is local, to the millisecond', () => {
  expect(clockTime(time + 0.75)).toBe('14:22:33.007');
  expect(clockTime(Number.NaN)).toBe('--:--:--.---');
});

test.each<[string, Partial<Event>, string]>([
  ['allowed', {}, '14:22:33.007 ✓ allowed 12 /usr/bin/cat FileOpenReadOnly /home/u/project/README.md'],
  [
    'a call that no policy spoke of',
    {
      action: 'McpCall',
      resource: { type: 'tool', name: 'add', server: 'a.test' },
      detail: { method: 'tools/call', judged: false },
    },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat McpCall add not judged',
  ],
  [
    'a tool that changed',
    {
      action: 'McpToolNotice',
      resource: { type: 'tool', name: 'add', server: 'a.test' },
      detail: { notice: 'changed', server: 'a.test', fields: ['description', 'title'], since: '2026-11-30' },
    },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat McpToolNotice add of a.test changed: description, title',
  ],
  [
    'by a program of an MCP server',
    { who: { pid: 12, parent: 1, exe: '/usr/bin/node', via: 'mcp:?files\u001b[2J' } },
    '14:22:33.007 ✓ allowed 12 /usr/bin/node via mcp:?files\\u001b[2J FileOpenReadOnly /home/u/project/README.md',
  ],
  [
    'a port that is published',
    { action: 'PortPublish', resource: { type: 'name', name: '127.0.0.1:8000' }, detail: { port: 3000 } },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat PortPublish 127.0.0.1:8000 port 3000 inside',
  ],
  [
    'a connection to it',
    {
      action: 'PortConnect',
      resource: { type: 'name', name: '127.0.0.1:8000' },
      detail: { port: 3000, peer: '127.0.0.1:51234', bytes_in: 1, bytes_out: 2, duration_ms: 3 },
    },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat PortConnect 127.0.0.1:8000 port 3000 inside, from 127.0.0.1:51234',
  ],
  [
    'denied, with the reason and the error the agent saw',
    {
      effect: 'deny',
      resource: { type: 'path', path: '/etc/shadow' },
      policies: ['no-secrets'],
      reason: 'Secrets stay secret',
      error: 'EACCES',
    },
    '14:22:33.007 ✗ denied 12 /usr/bin/cat FileOpenReadOnly /etc/shadow — Secrets stay secret (by no-secrets) EACCES',
  ],
  [
    'datagrams',
    { action: 'NetConnect', resource: { type: 'host', name: 'time.example' }, detail: { port: 123, protocol: 'udp' } },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat NetConnect time.example:123/udp',
  ],
  [
    'denied because nothing permits it, by no process',
    {
      effect: 'deny',
      who: undefined as never,
      action: 'NetConnect',
      resource: { type: 'host', name: 'exfil.example' },
      detail: { port: 443 },
      policies: [],
    },
    '14:22:33.007 ✗ denied - NetConnect exfil.example:443 — no policy permits it',
  ],
  [
    'denied in shadow mode',
    { effect: 'deny', enforced: false, policies: ['a', 'b'] },
    '14:22:33.007 ! would deny 12 /usr/bin/cat FileOpenReadOnly /home/u/project/README.md — by a, b',
  ],
  [
    'denied by a shadow policy',
    { shadow: 'deny', policies: ['p'] },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat FileOpenReadOnly /home/u/project/README.md — a shadow policy denies it; by p',
  ],
  [
    'a rename',
    { action: 'FileRename', resource: { type: 'path', path: '/a' }, target: { type: 'path', path: '/b' } },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat FileRename /a → /b',
  ],
  [
    'a request',
    {
      action: 'HttpRequest',
      resource: { type: 'host', name: 'api.example' },
      detail: { port: 443, method: 'POST', path: '/v1?x' },
    },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat HttpRequest api.example:443 POST /v1?x',
  ],
  [
    'a program',
    { action: 'ProcessExec', resource: { type: 'path', path: '/bin/ls' }, detail: { argv: ['ls', '-l'] } },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat ProcessExec /bin/ls [ls -l]',
  ],
  [
    'a look-up',
    { action: 'DnsResolve', resource: { type: 'host', name: 'a.example' }, detail: { qtype: 'AAAA' } },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat DnsResolve a.example AAAA',
  ],
  [
    'what a person approved',
    { ask: 'May it?', approval: { by: 'session', waited: 3_500 } },
    '14:22:33.007 ✓ allowed 12 /usr/bin/cat FileOpenReadOnly /home/u/project/README.md — a person approved it for the session',
  ],
])('%s', (_what, changes, expected) => {
  expect(line(changes)).toBe(expected);
});

test('every part that an agent could choose is made printable', () => {
  const evil = '\u001b[2J';
  const shown = line({
    effect: 'deny',
    who: { pid: 1, parent: 0, exe: evil },
    action: 'HttpRequest',
    resource: { type: 'host', name: evil },
    detail: { method: evil, path: `${evil}\n` },
    policies: [evil],
    reason: evil,
    error: evil,
  });
  expect(shown).not.toMatch(/[\u0000-\u001f]/);
  expect(shown.split('\\u001b[2J')).toHaveLength(8);
});
