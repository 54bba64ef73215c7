import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { Event } from '../../../src/schema/event.ts';
import type { Request } from '../../../src/schema/request.ts';
import { denialLine, denialText, permitFor } from '../../../src/session/denial-line.ts';

const event = (changes: Partial<Event> = {}): Event => ({
  v: 1,
  time: 0,
  action: 'FileWrite',
  resource: { type: 'path', path: '/w/x' },
  effect: 'deny',
  enforced: true,
  policies: [],
  epoch: 1,
  error: 'EACCES',
  ...changes,
});

test('what nobody permits says which statement would', () => {
  expect(denialLine(event())).toBe(
    'FileWrite "/w/x" denied (EACCES): no policy permits it. ' +
      'To request it, ask the user to add to the policy: permit(principal, action == Action::"FileWrite", resource == File::"/w/x");',
  );
});

test('what a policy forbids names it, its reason, and the exception', () => {
  const forbidden = event({ policies: ['no-hooks'], reason: 'A hook would\nrun outside.' });
  expect(denialLine(forbidden)).toBe(
    'FileWrite "/w/x" denied (EACCES) by policy "no-hooks": A hook would run outside. No permit outweighs a forbid. ' +
      'To request it, ask the user to make an exception in "no-hooks", by: unless { resource == File::"/w/x" }',
  );
});

test.each([
  [
    'a system call',
    event({ action: 'SystemCall', resource: { type: 'name', name: 'mount' }, reason: 'Never.', error: 'EPERM' }),
  ],
  ['a rule of Leash', event({ policies: ['leash:secrets'], reason: 'Credentials.' })],
  ['what the engine refuses', event({ reason: 'It is process memory.' })],
])('%s cannot be requested', (_what, denied) => {
  expect(denialLine(denied)).toMatch(/ No policy can permit it; find another way\.$/);
});

test('a question that nobody answered', () => {
  expect(denialLine(event({ ask: 'May it?', policies: ['ask'] }))).toMatch(
    / A person has to agree to it: "May it\?"\. Ask the user\.$/,
  );
});

test('what the agent chose stays on its line, and short', () => {
  const path = `/w/\u001b[2J\n12:00:00 FileWrite "/etc" allowed\u202e${'x'.repeat(5_000)}`;
  const line = denialLine(event({ resource: { type: 'path', path }, policies: ['p"q'], reason: 'r'.repeat(9_000) }));
  expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
  expect(line.length).toBeLessThan(2_000);
  expect(line).toContain('FileWrite "/w/\\u001b[2J\\n12:00:00 FileWrite \\"/etc\\" allowed');
});

test('a path that no statement can name', () => {
  for (const path of ['/w/\ufffd', `/w/${'x'.repeat(2_000)}`]) {
    const denied = event({ resource: { type: 'path', path } });
    expect(permitFor(denied)).toBeUndefined();
    expect(denialLine(denied)).toMatch(/ No policy can name it; rename it\.$/);
  }
});

test('a repeat is known by what was denied, not by when', () => {
  expect(denialText(event({ time: 1 }))).toBe(denialText(event({ time: 2 })));
  expect(denialText(event({ error: 'EPERM' }))).not.toBe(denialText(event()));
});

describe('the statement permits what was denied, and only that', () => {
  const program = { exe: '/bin/sh', uid: 0 };
  const facts = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
  const decide = async (statement: string | undefined, request: Request) =>
    (await loadPolicies({ name: 'p', text: statement ?? '' }, facts)).decide(request).effect;

  const file = (path: string): Pick<Event, 'resource'> => ({ resource: { type: 'path', path } });
  const host = (name: string): Pick<Event, 'resource'> => ({ resource: { type: 'host', name } });
  const resource = { type: 'host', name: 'api.example' } as const;
  const connect = { action: 'NetConnect', resource, program, port: 443, protocol: 'tcp', ip: '198.18.0.1' } as const;
  const request = {
    action: 'HttpRequest',
    resource,
    program,
    port: 443,
    method: 'GET',
    path: '/',
    query: '',
    scheme: 'https',
    headers: new Map(),
  } as const;
  const onForge = { ...request, resource: { type: 'host', name: 'forge.example' } } as const;
  const onPath = (action: 'FileWrite' | 'FileCreate' | 'FileRename' | 'FileDelete', path: string): Request => ({
    action,
    resource: { type: 'path', path },
    program,
  });

  const tool = (name: string, server: string): Request => ({
    action: 'McpCall',
    resource: { type: 'tool', name, server },
    method: 'tools/call',
    args: new Map(),
  });
  const toServer = { action: 'McpCall', resource: { type: 'server', name: 's' }, args: new Map() } as const;
  const cases: readonly [string, Event, readonly Request[], readonly Request[]][] = [
    [
      'a file',
      event(file('/w/a "b"\\c*')),
      [onPath('FileWrite', '/w/a "b"\\c*')],
      [onPath('FileWrite', '/w/a "b"\\cd')],
    ],
    [
      'a directory',
      event({ ...file('/w/d/'), action: 'FileCreate' }),
      [onPath('FileCreate', '/w/d/')],
      [onPath('FileCreate', '/w/d/e')],
    ],
    [
      'an open that creates',
      event({ ...file('/w/n'), action: 'FileCreate', detail: { actions: ['FileWrite', 'FileCreate'] } }),
      [onPath('FileCreate', '/w/n'), onPath('FileWrite', '/w/n')],
      [onPath('FileDelete', '/w/n')],
    ],
    [
      'a rename',
      event({ ...file('/w/a'), action: 'FileRename', target: { type: 'path', path: '/w/b' } }),
      [onPath('FileRename', '/w/a'), onPath('FileRename', '/w/b'), onPath('FileCreate', '/w/b')],
      [onPath('FileRename', '/w/c')],
    ],
    [
      'a program',
      event({ ...file('/usr/bin/x'), action: 'ProcessExec' }),
      [{ action: 'ProcessExec', resource: { type: 'path', path: '/usr/bin/x' }, program, argv: ['x'] }],
      [{ action: 'ProcessExec', resource: { type: 'path', path: '/usr/bin/y' }, program, argv: ['y'] }],
    ],
    [
      'a connection, and what is said on it',
      event({ ...host('api.example'), action: 'NetConnect', detail: { port: 443 } }),
      [connect, request],
      [
        { ...connect, port: 80 },
        { ...connect, resource: { type: 'host', name: 'b.example' } },
      ],
    ],
    [
      'an IPv6 address',
      event({ ...host('2001:db8::1'), action: 'NetConnect', detail: { port: 443 } }),
      [{ ...connect, resource: { type: 'host', name: '2001:db8::1' }, ip: '2001:db8::1' }],
      [{ ...connect, resource: { type: 'host', name: '2001:db8::2' }, ip: '2001:db8::2' }],
    ],
    [
      'a push',
      event({
        ...host('forge.example'),
        action: 'HttpRequest',
        detail: {
          port: 443,
          method: 'POST',
          path: '/t/a.git/git-receive-pack',
          git: 'push',
          repository: 'forge.example/t/a',
        },
      }),
      [{ ...onForge, git: { operation: 'push', repository: 'forge.example/t/a' } }],
      [
        { ...onForge, git: { operation: 'fetch', repository: 'forge.example/t/a' } },
        { ...onForge, git: { operation: 'push', repository: 'forge.example/t/b' } },
        onForge,
      ],
    ],
    [
      'a tool',
      event({
        action: 'McpCall',
        resource: { type: 'tool', name: 'a"b', server: 's' },
        detail: { method: 'tools/call' },
      }),
      [tool('a"b', 's')],
      [tool('a"b', 'other'), tool('b', 's'), { ...toServer, method: 'tools/list' }],
    ],
    [
      'a method of a server',
      event({ action: 'McpCall', resource: { type: 'server', name: 's' }, detail: { method: 'tools/list' } }),
      [{ ...toServer, method: 'tools/list' }],
      [{ ...toServer, method: 'resources/read' }, tool('a', 's')],
    ],
    [
      'a name',
      event({ ...host('api.example'), action: 'DnsResolve' }),
      [connect],
      [{ ...connect, resource: { type: 'host', name: 'b.example' } }],
    ],
  ];
  test.each(cases)('%s', async (_what, denied, permitted, others) => {
    for (const each of permitted) {
      expect(await decide(undefined, each)).toBe('deny');
      expect(await decide(permitFor(denied), each)).toBe('allow');
    }
    for (const each of others) expect(await decide(permitFor(denied), each)).toBe('deny');
  });
});
