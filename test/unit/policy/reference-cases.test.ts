// Policies that the reference system decides differently from Cedar. Here Cedar is the judge: closures and table must say what it says,
// or the policy is refused with a reason.
import { expect, test } from 'vitest';
import { LeashError } from '../../../src/host/errors.ts';
import { TABLE_ALLOW } from '../../../src/policy/compile/image.ts';
import { tableVerdict } from '../../../src/policy/compile/table-verdict.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import { rewriteStatement } from '../../../src/policy/text/rewrite.ts';
import { splitStatements } from '../../../src/policy/text/statements.ts';
import { FILE_ACTIONS, type FileAction, type Request } from '../../../src/schema/request.ts';
import { FACTS, judge, prepare } from './judge.ts';

const program = { exe: '/usr/bin/node', uid: 1000 };

function file(action: FileAction, path: string): Request {
  return { action, resource: { type: 'path', path }, program };
}

function exec(path: string, ...argv: string[]): Request {
  return { action: 'ProcessExec', resource: { type: 'path', path }, program, argv };
}

function connect(name: string, port = 443): Request {
  return { action: 'NetConnect', resource: { type: 'host', name }, program, port, protocol: 'tcp', ip: '198.18.0.7' };
}

/** Decides by closures and by the table; both must agree with Cedar on the effect, the closures also on the policies. */
async function decideAll(text: string, requests: readonly Request[]): Promise<readonly string[]> {
  const set = await loadPolicies({ name: 'case.cedar', text }, FACTS);
  const statements = splitStatements(text).map((statement) => rewriteStatement(statement).text);
  prepare('case', Object.fromEntries(set.policies.map((id, i) => [id, statements[i] ?? ''])));
  return requests.map((request) => {
    const expected = judge('case', request);
    const { effect, policies } = set.decide(request);
    expect({ effect, policies: policies.toSorted() }).toEqual({ effect: expected.effect, policies: expected.policies });
    if (request.resource.type === 'path') {
      expect(tableVerdict(set.image, request, 'enforced') === TABLE_ALLOW).toBe(expected.effect === 'allow');
    }
    return expected.effect;
  });
}

async function refusal(text: string): Promise<string> {
  const error: unknown = await loadPolicies({ name: 'case.cedar', text }, FACTS).catch((reason: unknown) => reason);
  if (!(error instanceof LeashError)) throw new Error('the policy was accepted');
  return error.details.join('\n');
}

test('1: unless excludes the directory it names', async () => {
  const text = 'permit(principal, action == Action::"FileOpen", resource) unless { resource in [Dir::"/secrets/"] };';
  const requests = [file('FileOpenReadOnly', '/a'), file('FileOpenReadOnly', '/secrets/k')];
  expect(await decideAll(text, requests)).toEqual(['allow', 'deny']);
});

test('2: unless takes one host out of a wildcard', async () => {
  const text =
    'permit(principal, action == Action::"NetworkConnect", resource) when { context.hostname like "*.a.com" } unless { context.hostname == "b.a.com" };';
  expect(await decideAll(text, [connect('c.a.com'), connect('b.a.com'), connect('a.com')])).toEqual([
    'allow',
    'deny',
    'deny',
  ]);
});

test('3: a forbid of everything forbids everything', async () => {
  const text = 'permit(principal, action, resource); forbid(principal, action, resource);';
  expect(await decideAll(text, [file('FileOpenReadOnly', '/a'), exec('/bin/ls'), connect('a.com')])).toEqual([
    'deny',
    'deny',
    'deny',
  ]);
});

test('4: the principal is tested', async () => {
  const refused = await refusal(
    'permit(principal == User::"alice", action == Action::"ProcessExec", resource in Dir::"/usr/bin/");',
  );
  expect(refused).toContain('case.cedar:1:8: the principal of every request is an Agent');
  const text = (user: string): string =>
    `permit(principal in User::"${user}", action == Action::"ProcessExec", resource in Dir::"/usr/bin/");`;
  expect(await decideAll(text('alice'), [exec('/usr/bin/git')])).toEqual(['allow']);
  expect(await decideAll(text('bob'), [exec('/usr/bin/git')])).toEqual(['deny']);
});

test('5: a principal in a directory is impossible', async () => {
  expect(await refusal('permit(principal, action, resource) when { principal in [Dir::"/x/"] };')).toContain(
    'policy is impossible',
  );
});

test('6: two conditions must both hold', async () => {
  const text =
    'permit(principal, action == Action::"NetConnect", resource) when { resource in [Host::"api.x"] } when { context.proc.exe.name == "curl" };';
  const curl: Request = { ...connect('api.x'), program: { exe: '/usr/bin/curl', uid: 0 } } as Request;
  expect(await decideAll(text, [connect('api.x'), curl])).toEqual(['deny', 'allow']);
});

test('7: a forbid wins over a more specific permit', async () => {
  const text =
    'permit(principal, action == Action::"FileOpen", resource == File::"/etc/passwd"); forbid(principal, action == Action::"FileOpen", resource in Dir::"/etc/");';
  expect(await decideAll(text, [file('FileOpenReadOnly', '/etc/passwd')])).toEqual(['deny']);
});

test('8: a file is one file, not a prefix', async () => {
  const text =
    'permit(principal, action == Action::"FileOpen", resource); forbid(principal, action == Action::"FileOpen", resource == File::"/etc/pass");';
  const requests = [
    file('FileOpenReadOnly', '/etc/pass'),
    file('FileOpenReadOnly', '/etc/passwd'),
    file('FileWrite', '/etc/password.d/x'),
  ];
  expect(await decideAll(text, requests)).toEqual(['deny', 'allow', 'allow']);
});

test('9: reading permitted, writing forbidden, each time', async () => {
  const text =
    'permit(principal, action == Action::"FileOpen", resource in Dir::"/w/"); forbid(principal, action == Action::"FileOpenReadWrite", resource in Dir::"/w/");';
  const requests = [file('FileOpenReadOnly', '/w/a'), ...FILE_ACTIONS.slice(1).map((action) => file(action, '/w/a'))];
  expect(await decideAll(text, requests)).toEqual(['allow', 'deny', 'deny', 'deny', 'deny', 'deny', 'deny']);
});

test('10: a forbid on a tool is about that tool, and no connection', async () => {
  const text =
    'permit(principal, action, resource); forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"rm") when { resource in MCP::Server::"s" };';
  const call = (name: string, server: string): Request => ({
    action: 'McpCall',
    resource: { type: 'tool', name, server },
    method: 'tools/call',
    args: new Map(),
  });
  const requests = [call('rm', 's'), call('rm', 'other'), call('ls', 's'), connect('s')];
  expect(await decideAll(text, requests)).toEqual(['deny', 'allow', 'allow', 'allow']);
});

test('11: a header that is set is one that the policy permits, with that value', async () => {
  const text =
    'permit(principal, action == Action::"HttpRewrite", resource) when { context.value == "Bearer prod-secret" };';
  const set = (value: string): Request => ({
    action: 'HttpRewrite',
    resource: { type: 'host', name: 'api.example' },
    port: 443,
    header: 'authorization',
    value,
  });
  expect(await decideAll(text, [set('Bearer prod-secret'), set('Bearer other')])).toEqual(['allow', 'deny']);
});

test('12: a port that does not exist is refused, and Cedar never matches it', async () => {
  const text = 'permit(principal, action in Action::"NetworkConnect", resource in Host::"db:99999");';
  expect(await refusal(text)).toContain('no request names the host "db:99999"');
  prepare('port', { p: text });
  expect(judge('port', connect('db', 5432)).effect).toBe('deny');
});

test('13: opening for reading and writing needs both actions', async () => {
  const text =
    'permit(principal, action in Action::"FileOpen", resource); forbid(principal, action == Action::"FileOpenReadOnly", resource == File::"/x");';
  expect(await decideAll(text, [file('FileOpenReadOnly', '/x'), file('FileWrite', '/x')])).toEqual(['deny', 'allow']);
});

test('14: a wildcard begins at a label', async () => {
  const text = 'permit(principal, action == Action::"NetworkConnect", resource in Host::"*.corp.example");';
  expect(
    await decideAll(text, [connect('a.corp.example'), connect('evilcorp.example'), connect('corp.example')]),
  ).toEqual(['allow', 'deny', 'deny']);
});

test('15: no permit for the network denies every port', async () => {
  const text = 'permit(principal, action in Action::"FileOpen", resource);';
  expect(await decideAll(text, [connect('a.com', 443), connect('a.com', 22)])).toEqual(['deny', 'deny']);
});

test('16: several actions are all forbidden', async () => {
  const text = (actions: string): string =>
    `permit(principal, action, resource); forbid(principal, action in [${actions}], resource in Host::"h");`;
  const dns: Request = { action: 'DnsResolve', resource: { type: 'host', name: 'h' }, qtype: 'A' };
  expect(
    await decideAll(text('Action::"DnsResolve", Action::"NetworkConnect"'), [dns, connect('h'), connect('i')]),
  ).toEqual(['deny', 'deny', 'allow']);
});

test('17: permit and forbid of the same scope deny', async () => {
  const text =
    'permit(principal, action == Action::"FileOpen", resource in Dir::"/w/"); forbid(principal, action == Action::"FileOpen", resource in Dir::"/w/");';
  expect(await decideAll(text, [file('FileOpenReadOnly', '/w/a')])).toEqual(['deny']);
});

test('18: a type test is a condition', async () => {
  const text = 'permit(principal, action in Action::"FileOpen", resource is File);';
  expect(await decideAll(text, [file('FileOpenReadOnly', '/w/a'), file('FileOpenReadOnly', '/w/')])).toEqual([
    'allow',
    'deny',
  ]);
});
