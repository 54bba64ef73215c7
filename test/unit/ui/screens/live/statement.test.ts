// A statement says what the person chose about an event and no more: the real compiler and evaluator decide, whatever the names are.
import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../../../../src/policy/load.ts';
import type { PolicySet } from '../../../../../src/policy/policy-set.ts';
import type { Event } from '../../../../../src/schema/event.ts';
import type { Request } from '../../../../../src/schema/request.ts';
import {
  type Choice,
  hasProgram,
  obstacleOf,
  programOf,
  scopesOf,
  statementOf,
  withStatement,
} from '../../../../../ui/src/screens/live/statement.ts';

const FACTS = { agent: 'claude', session: 's1', user: 'alice', workspace: '/w', home: '/home/u', tmp: '/tmp' };
const EXE = '/usr/bin/c"at';

const HOSTILE = [
  'plain',
  'quo"te',
  'back\\slash',
  'new\nline',
  '*',
  'a*b\\*c',
  '"); permit(principal, action, resource); @',
  '\u202e\u200b\u0008',
  'é€🦊',
  '$' + '{x}\\u{41}',
];

function event(part: Partial<Event>): Event {
  return {
    v: 1,
    time: 0,
    who: { pid: 2, parent: 1, exe: EXE },
    action: 'FileOpenReadOnly',
    resource: { type: 'path', path: '/w/a' },
    effect: 'deny',
    enforced: true,
    policies: [],
    epoch: 0,
    ...part,
  };
}

async function setWith(of: Event, id: string, more: Partial<Choice> = {}, before = ''): Promise<PolicySet> {
  const scope = scopesOf(of).find((each) => each.id === id);
  if (scope === undefined) throw new Error(`no scope ${id}`);
  const statement = statementOf(
    { seq: 7, event: of },
    { effect: 'permit', scope, isProgramOnly: false, ...more },
    before,
  );
  return await loadPolicies({ name: 'p', text: withStatement(before, statement) }, FACTS);
}

function read(path: string, exe = EXE, action: 'FileOpenReadOnly' | 'FileWrite' = 'FileOpenReadOnly'): Request {
  return { action, resource: { type: 'path', path }, program: { exe, uid: 0 } };
}

const effectOf = (set: PolicySet, ...requests: Request[]) => requests.map((request) => set.decide(request).effect);

describe.each(HOSTILE)('a file called %j', (name) => {
  const path = `/w/${name}/${name}`;
  const seen = event({ resource: { type: 'path', path } });
  const other = `/w/${name.replaceAll('*', 'y')}x/${name}`;

  test('this file: only it, and only to read it', async () => {
    const set = await setWith(seen, 'this');
    const asked = [read(path), read(`${path}x`), read(other), read(path, EXE, 'FileWrite'), read(`/w/${name}/b`)];
    expect(effectOf(set, ...asked)).toEqual(['allow', 'deny', 'deny', 'deny', 'deny']);
    expect(set.policies).toEqual(['allow-event-7']);
  });

  test('its folder: all below, nothing beside', async () => {
    const set = await setWith(seen, 'folder');
    const asked = [read(path), read(`/w/${name}/deep/b`), read(other), read('/w/b'), read(path, EXE, 'FileWrite')];
    expect(effectOf(set, ...asked)).toEqual(['allow', 'allow', 'deny', 'deny', 'deny']);
  });

  test('this program only', async () => {
    const exe = `/usr/bin/${name}`;
    const of = event({ resource: { type: 'path', path }, who: { pid: 2, parent: 1, exe } });
    const set = await setWith(of, 'this', { isProgramOnly: true });
    expect(effectOf(set, read(path, exe), read(path, `${exe}x`), read(path, '/bin/sh'))).toEqual([
      'allow',
      'deny',
      'deny',
    ]);
  });

  test('a host path and an MCP tool of that name hold for themselves alone', async () => {
    const tool = { type: 'tool', name, server: name } as const;
    const set = await setWith(event({ action: 'McpCall', resource: tool }), 'tool');
    const call = (called: string, server: string): Request => ({
      action: 'McpCall',
      resource: { type: 'tool', name: called, server },
      method: 'tools/call',
      args: new Map(),
    });
    expect(effectOf(set, call(name, name), call(`${name}x`, name), call(name, 'fs'))).toEqual([
      'allow',
      'deny',
      'deny',
    ]);
  });
});

test('this program only: the same one of an MCP server, of another one, and of none, are three', async () => {
  const by = (via?: string): Request =>
    ({ ...read('/w/a'), program: { exe: EXE, uid: 0, ...(via !== undefined && { via }) } }) as Request;
  const asked = [by(), by('mcp:a'), by('mcp:?a')];
  const set = async (via?: string): Promise<readonly string[]> => {
    const who = { pid: 2, parent: 1, exe: EXE, ...(via !== undefined && { via }) };
    return effectOf(await setWith(event({ who }), 'this', { isProgramOnly: true }), ...asked);
  };
  expect(await set()).toEqual(['allow', 'deny', 'deny']);
  expect(await set('mcp:a')).toEqual(['deny', 'allow', 'deny']);
  expect(await set('mcp:?a')).toEqual(['deny', 'deny', 'allow']);
  expect(
    hasProgram(scopesOf(event({}))[0] as never, event({ who: { pid: 2, parent: 1, exe: EXE, via: 'mcp:\ud800' } })),
  ).toBe(false);
  expect(programOf(event({ who: { pid: 2, parent: 1, exe: '/bin/node', via: 'mcp:a' } }))).toBe('/bin/node via mcp:a');
});

test('a directory is itself, without what is below it', async () => {
  const set = await setWith(event({ resource: { type: 'path', path: '/w/d/' } }), 'this');
  expect(effectOf(set, read('/w/d/'), read('/w/d/a'))).toEqual(['allow', 'deny']);
});

test('an open that reads and writes needs both', async () => {
  const of = event({ action: 'FileWrite', detail: { actions: ['FileOpenReadOnly', 'FileWrite'] } });
  const set = await setWith(of, 'this');
  expect(effectOf(set, read('/w/a'), read('/w/a', EXE, 'FileWrite'))).toEqual(['allow', 'allow']);
});

test('a rename holds for both names, and for no others', async () => {
  const of = event({ action: 'FileRename', target: { type: 'path', path: '/w/b' } });
  expect(scopesOf(of).map(({ id }) => id)).toEqual(['this']);
  const set = await setWith(of, 'this');
  const rename = (path: string): Request => ({ ...read(path), action: 'FileRename' }) as Request;
  expect(effectOf(set, rename('/w/a'), rename('/w/b'), rename('/w/c'))).toEqual(['allow', 'allow', 'deny']);
});

test('a rename by one program only is not a rename of its first name by anyone', async () => {
  const of = event({ action: 'FileRename', target: { type: 'path', path: '/w/b' } });
  const set = await setWith(of, 'this', { isProgramOnly: true });
  const rename = (path: string, exe: string): Request => ({ ...read(path, exe), action: 'FileRename' }) as Request;
  const asked = [rename('/w/a', EXE), rename('/w/a', '/bin/sh'), rename('/w/b', '/bin/sh')];
  expect(effectOf(set, ...asked)).toEqual(['allow', 'deny', 'deny']);
});

test('a forbid wins over what the policy permits, for this alone, and says that a person said so', async () => {
  const set = await setWith(
    event({ effect: 'allow' }),
    'this',
    { effect: 'forbid' },
    'permit(principal, action, resource);',
  );
  expect(effectOf(set, read('/w/a'), read('/w/b'), read('/w/a', EXE, 'FileWrite'))).toEqual(['deny', 'allow', 'allow']);
  expect(set.decide(read('/w/a'))).toMatchObject({ policies: ['forbid-event-7'], reason: /person forbade/ });
});

test('an id that the text has is not used again', async () => {
  const before = '@id("allow-event-7") permit(principal, action, resource in Dir::"/x/");';
  const set = await setWith(event({}), 'this', {}, before);
  expect(set.policies).toEqual(['allow-event-7', 'allow-event-7-2']);
});

describe('the network', () => {
  const http = (host: string, port: number, method: string, path: string): Request => ({
    action: 'HttpRequest',
    resource: { type: 'host', name: host },
    program: { exe: EXE, uid: 0 },
    port,
    method,
    path,
    query: '',
    scheme: 'https',
    headers: new Map(),
  });
  const connect = (host: string, port: number, protocol: 'tcp' | 'udp' = 'tcp', ip = '10.0.0.9'): Request => ({
    action: 'NetConnect',
    resource: { type: 'host', name: host },
    program: { exe: EXE, uid: 0 },
    port,
    protocol,
    ip,
  });
  const request = event({
    action: 'HttpRequest',
    resource: { type: 'host', name: 'api.example' },
    detail: { port: 443, method: 'GET', path: "/v1/a*b'", protocol: 'tcp' },
  });

  test('host and path: this method and path on this port', async () => {
    const set = await setWith(request, 'path');
    const asked = [
      http('api.example', 443, 'GET', "/v1/a*b'"),
      http('api.example', 443, 'POST', "/v1/a*b'"),
      http('api.example', 443, 'GET', "/v1/axb'"),
      http('api.example', 80, 'GET', "/v1/a*b'"),
      http('b.api.example', 443, 'GET', "/v1/a*b'"),
      connect('api.example', 443),
    ];
    expect(effectOf(set, ...asked)).toEqual(['allow', 'deny', 'deny', 'deny', 'deny', 'deny']);
  });

  test('host: connections and requests, on this port', async () => {
    const set = await setWith(request, 'host');
    const asked = [http('api.example', 443, 'POST', '/x'), connect('api.example', 443), connect('api.example', 22)];
    expect(effectOf(set, ...asked, connect('api.example.evil', 443))).toEqual(['allow', 'allow', 'deny', 'deny']);
  });

  test('an address is itself, and no name that leads to it', async () => {
    const of = event({ action: 'NetConnect', resource: { type: 'host', name: '10.0.0.9' }, detail: { port: 5432 } });
    const set = await setWith(of, 'host');
    const asked = [connect('10.0.0.9', 5432), connect('db.example', 5432), connect('10.0.0.9', 22)];
    expect(effectOf(set, ...asked)).toEqual(['allow', 'deny', 'deny']);
  });

  test('datagrams are no connections', async () => {
    const detail = { port: 53, protocol: 'udp' };
    const of = event({ action: 'NetConnect', resource: { type: 'host', name: 'ns.example' }, detail });
    const set = await setWith(of, 'host');
    expect(effectOf(set, connect('ns.example', 53, 'udp'), connect('ns.example', 53))).toEqual(['allow', 'deny']);
  });

  test('a lookup is of one name, and of its type where that leaves the machine', async () => {
    const resource = { type: 'host', name: 'a.example' } as const;
    const lookup = (name: string, qtype: string): Request => ({
      action: 'DnsResolve',
      resource: { type: 'host', name },
      qtype,
    });
    const plain = await setWith(event({ action: 'DnsResolve', resource, detail: { qtype: 'A' } }), 'lookup');
    expect(effectOf(plain, lookup('a.example', 'A'), lookup('b.a.example', 'A'))).toEqual(['allow', 'deny']);
    const outside = await setWith(event({ action: 'DnsResolve', resource, detail: { qtype: 'TXT' } }), 'lookup');
    expect(effectOf(outside, lookup('a.example', 'TXT'), lookup('a.example', 'A'))).toEqual(['allow', 'deny']);
  });

  test.each(['*.a.example', '*', '@registry/npm'])('a name spelt like a group is not named: %s', (name) => {
    for (const action of ['DnsResolve', 'NetConnect', 'HttpRequest'] as const)
      expect(scopesOf(event({ action, resource: { type: 'host', name }, detail: { port: 443 } }))).toEqual([]);
  });

  test.each(['/a//b', '/a/../b', '/a%2Fb', '/a;b', 'x', '/a\nb', '/a"b'])(
    'a path that is read in two ways is not named: %j',
    (path) => {
      const of = event({ ...request, detail: { ...request.detail, path } });
      expect(scopesOf(of).map(({ id }) => id)).toEqual(['host']);
    },
  );
});

test.each(['/w/\ufffd', `/w/${'x'.repeat(1100)}`, '/w/\ud800'])('what no literal can name has no statement', (path) => {
  expect(scopesOf(event({ resource: { type: 'path', path } }))).toEqual([]);
});

test('the empty policy has only the statement, another keeps its own before it', () => {
  expect(withStatement(' \n', 'permit(principal, action, resource);')).toBe('permit(principal, action, resource);\n');
  expect(withStatement('a;\n\n', 'b;')).toBe('a;\n\nb;\n');
  expect(withStatement('a; // no end of line', 'b;')).toBe('a; // no end of line\n\nb;\n');
});

test('what stands in the way of a permit is told', () => {
  expect(obstacleOf(event({ effect: 'allow' }))).toBeUndefined();
  expect(obstacleOf(event({}))).toBeUndefined();
  expect(obstacleOf(event({ policies: ['no-secrets'] }))).toEqual({ is: 'forbidden', policies: ['no-secrets'] });
  expect(obstacleOf(event({ policies: ['x'], ask: 'May it?' }))).toEqual({ is: 'asked' });
  expect(obstacleOf(event({ action: 'SystemCall' }))).toEqual({ is: 'own' });
  expect(obstacleOf(event({ policies: ['leash:own'] }))).toEqual({ is: 'own' });
});
