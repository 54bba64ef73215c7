import { expect, test } from 'vitest';
import { comparePolicies } from '../../../../src/policy/compare/compare.ts';
import { requestClasses } from '../../../../src/policy/compare/request-classes.ts';
import { ACTIONS } from '../../../../src/policy/evaluate/actions.ts';
import type { Policy } from '../../../../src/policy/evaluate/policy.ts';
import { FACTS } from '../judge.ts';
import { runPairs } from './random-pairs.ts';
import { CONNECT, compare, EXEC, HTTP, policies, summary, WRITE } from './statements-of.ts';

test('every enforced action is compared', () => {
  const covered = requestClasses(FACTS).flatMap(({ actions }) => actions);
  expect([...new Set(covered)].sort()).toEqual([...ACTIONS].sort());
});

test('a name and a pattern for it: the directory of that name is newly allowed, and nothing else', () => {
  const permit = `permit(${WRITE}, resource);`;
  const forbid = (condition: string): string => `forbid(${WRITE}, resource) when { ${condition} };`;
  const [difference, ...others] = compare(
    [permit, forbid('resource.name == ".env"')],
    [permit, forbid('resource.path like "*/.env"')],
  );
  expect(others).toEqual([]);
  expect(difference).toMatchObject({
    action: 'FileWrite',
    direction: 'newly allowed',
    witness: { resource: { path: '/.env/' } },
    old: { outcome: 'deny', policies: ['p1'] },
    new: { outcome: 'allow', policies: ['p0'] },
    undecided: [],
  });
});

test('an address as host is the address that is dialled', () => {
  const byAddress = `permit(${CONNECT}, resource) when { context.ip == ip("10.0.0.1") };`;
  const literal = `permit(${CONNECT}, resource == Host::"10.0.0.1");`;
  // The literal alone: a name may lead to the same address.
  expect(summary(compare([literal], [byAddress]))).toEqual(['newly allowed NetConnect a.example']);
  expect(summary(compare([byAddress], [byAddress, literal]))).toEqual([]);
  const v6 = 'permit(principal, action, resource) when { resource in Host::"[2001:db8::7]:22" };';
  expect(summary(compare([], [v6]))).toEqual([
    'newly allowed NetConnect a.example',
    'newly allowed HttpRequest 2001:db8::7',
    'newly allowed HttpRewrite 2001:db8::7',
  ]);
});

test('a registry is its hosts on their ports, and its hosts where there is no port', () => {
  const registry = 'permit(principal, action, resource) when { resource in Host::"@registry/cargo" };';
  const scoped = ['NetConnect', 'DnsResolve'].map((action) =>
    registry.replace('action,', `action == Action::"${action}",`),
  );
  expect(compare([], scoped).map(({ witness }) => witness)).toMatchObject([
    { action: 'NetConnect', resource: { name: 'x.a.com' }, port: 22 },
    { action: 'DnsResolve', resource: { name: 'x.a.com' } },
  ]);
  const other = `permit(${CONNECT}, resource == Host::"x.a.com") when { context.port == 22 };`;
  expect(compare([scoped[0] ?? ''], [other])).toEqual([]);
});

test('the gap between two ranges is found', () => {
  const statement = `permit(${CONNECT}, resource) when { context.ip.isIpv4()
    && !context.ip.isInRange(ip("0.0.0.0/1")) && !context.ip.isInRange(ip("192.0.0.0/2")) };`;
  expect(compare([], [statement])[0]).toMatchObject({
    witness: { ip: '128.0.0.0' },
    conditions: ['context.ip 128.0.0.0 to 191.255.255.255'],
  });
});

test.each([
  ['"/w/*"', '/w/'],
  ['"*.pem"', '/.pem'],
  ['"*/é/*"', '/é/'],
  ['"/x"', '/x'],
])('the shortest path like %s is %s', (pattern, path) => {
  const after = `permit(${WRITE}, resource) when { resource.path like ${pattern} };`;
  expect(compare([], [after])[0]?.witness.resource).toEqual({ type: 'path', path });
});

test('every condition is met by the witness and told in words', () => {
  const after = `permit(${HTTP}, resource in Host::"*.example.com:8443") when {
    context.method == "PUT" && context.path like "/v1/*" && context.scheme == "http" };`;
  expect(compare([], [after])).toMatchObject([
    {
      witness: { resource: { name: 'a.example.com' }, port: 8443, method: 'PUT', path: '/v1/', scheme: 'http' },
      conditions: [
        'every resource that ends with ".example.com"',
        'context.port 8443',
        'context.method "PUT"',
        'every context.path that begins with "/v1/"',
        'context.scheme "http"',
      ],
    },
  ]);
});

test('arguments are as many as their count says', () => {
  const after = `permit(${EXEC}, resource) when { context.argc > 2 && context.args like "*push*" };`;
  expect(compare([], [after])[0]?.witness).toMatchObject({ argv: ['push', '', ''] });
  const none = `permit(${EXEC}, resource) when { context.argc > 2 && context.args == "a b" };`;
  expect(compare([], [none])).toEqual([]);
});

test('sets, headers and hashes: the witness has what the difference needs', () => {
  const witness = (condition: string, scope: string): unknown =>
    compare([], [`permit(${scope}, resource) when { ${condition} };`])[0]?.witness;
  expect(witness('context.argv.containsAll(["-r", "-f"]) && !context.argv.contains("a")', EXEC)).toMatchObject({
    argv: ['aa', '-r', '-f'],
  });
  expect(witness('!context.proc.ancestors.isEmpty()', EXEC)).toMatchObject({ program: { ancestors: ['/usr/bin/a'] } });
  expect(witness('context.headers.hasTag("x-a") && context.headers.getTag("x-b") != "a"', HTTP)).toMatchObject({
    headers: new Map([
      ['x-a', 'a'],
      ['x-b', ''],
    ]),
  });
  const hash = 'ab'.repeat(32);
  expect(witness(`context has sha256 && context.sha256 == "${hash}"`, EXEC)).toMatchObject({ sha256: hash });
});

test('MCP servers: a rule for one, for all, for none', () => {
  const witness = (condition: string): unknown =>
    compare([], [`permit(${WRITE}, resource) when { ${condition} };`]).map(({ witness: one, undecided }) => [
      'program' in one ? one.program.via : one,
      undecided,
    ]);
  expect(witness('context.proc.via == "mcp:files"')).toEqual([['mcp:files', []]]);
  expect(witness('context.proc.via != "mcp:files"')).toEqual([[undefined, []]]);
  expect(witness('context.proc.via == ""')).toEqual([[undefined, []]]);
  expect(witness('context.proc.via like "mcp:?*"')).toEqual([['mcp:?', []]]);
  expect(witness('context.proc.via != "" && !(context.proc.via like "mcp:./*")')).toEqual([['mcp:a', []]]);
  // No program is called so.
  expect(witness('context.proc.via == "files" || context.proc.via == "mcp:" || context.proc.via == "MCP:a"')).toEqual(
    [],
  );
});

test('arguments as a set and as a text at once: tried, else left open', () => {
  const both = (text: string): string =>
    `permit(${EXEC}, resource) when { context.argv.contains("push") && context.args like "${text}" };`;
  expect(compare([], [both('git *')])).toMatchObject([{ witness: { argv: ['git', '', 'push'] }, undecided: [] }]);
  expect(compare([], [both('push')])).toMatchObject([{ witness: { argv: ['push'] }, undecided: [] }]);
  expect(summary(compare([], [both('x')]))).toEqual([
    'newly allowed ProcessExec /program ? context.argv ? context.args',
  ]);
});

test('asking lies between denying and allowing', () => {
  const statement = [`permit(${WRITE}, resource == File::"/x");`];
  const plain = policies(statement);
  const asking = policies(statement, { ask: 'may it?' });
  const shadow = policies(statement, { shadow: true });
  const outcomes = (before: readonly Policy[], after: readonly Policy[]): unknown =>
    comparePolicies(before, after, FACTS).map(({ direction, old, new: later }) => [
      direction,
      old.outcome,
      later.outcome,
    ]);
  expect(outcomes([], asking)).toEqual([['newly allowed', 'deny', 'ask']]);
  expect(outcomes(asking, plain)).toEqual([['newly allowed', 'ask', 'allow']]);
  expect(outcomes(plain, asking)).toEqual([['newly denied', 'allow', 'ask']]);
  expect(outcomes([], shadow)).toEqual([]);
  expect(outcomes(shadow, plain)).toEqual([['newly allowed', 'deny', 'allow']]);
});

test('conditions that no automaton models: a request that shows it, or what it depends on', () => {
  const argument = `permit(${EXEC}, resource) when { context.argv.contains("--force") };`;
  expect(compare([], [argument])).toMatchObject([{ witness: { argv: ['a', '--force'] }, undecided: [] }]);
  const descent = `permit(${EXEC}, resource) when { context.proc.ancestors.contains(File::"/bin/sh") };`;
  expect(compare([], [descent])).toMatchObject([{ witness: { program: { ancestors: ['/bin/sh'] } }, undecided: [] }]);
  const session = `permit(${WRITE}, resource) when { principal.session == "another" };`;
  expect(summary(compare([], [session]))).toEqual(['newly allowed FileWrite /file ? principal.session']);
});

test('each edited statement has its own line, the shortest witness of its region', () => {
  const statement = (file: string): string => `permit(${WRITE}, resource == File::"${file}");`;
  expect(summary(compare([statement('/kept'), statement('/gone')], [statement('/new'), statement('/kept')]))).toEqual([
    'newly allowed FileWrite /new',
    'newly denied FileWrite /gone',
  ]);
});

test('sets that explode are refused', () => {
  const pattern = Array.from({ length: 14 }, (_, i) => `resource.path like "*${'ab'.repeat(i + 2)}*x${i}*"`);
  const after = pattern.map((condition) => `forbid(${WRITE}, resource) when { ${condition} };`);
  const all = `permit(${WRITE}, resource);`;
  expect(() => compare([all], [all, ...after])).toThrow(
    expect.objectContaining({
      code: 'LEASH_POLICY_INVALID',
      message: expect.stringMatching(/^the policies are too complex to compare: more than \d+ states$/),
    }),
  );
});

test('random pairs: Cedar confirms every witness, and finds no difference that was not reported', () => {
  const tally = runPairs(20_251, 60, 10);
  expect(tally.faults).toEqual([]);
  expect(tally.tooComplex).toBeLessThan(3);
  // The test would be idle if these were few.
  expect(tally.witnesses).toBeGreaterThan(15);
  expect(tally.different).toBeGreaterThan(30);
}, 300_000);

test('what is done to a repository', () => {
  const git = (condition: string): string => `permit(${HTTP}, resource) when { context has git && ${condition} };`;
  const push = compare([git('context.git.operation == "fetch"')], [git('context.git.operation != "info"')]);
  expect(push).toMatchObject([
    { direction: 'newly allowed', witness: { git: { operation: 'push' }, method: 'POST' }, undecided: [] },
  ]);
  expect(summary(compare([], [`permit(${HTTP}, resource in Repository::"forge.example/team/");`]))).toEqual([
    'newly allowed HttpRequest forge.example',
  ]);
  const [one] = compare([], [git('context.git.repository == "forge.example/team/app"')]);
  expect(one).toMatchObject({
    witness: {
      resource: { name: 'forge.example' },
      path: '/team/app.git/git-upload-pack',
      git: { operation: 'fetch', repository: 'forge.example/team/app' },
    },
    undecided: [],
  });
  const below = `permit(${HTTP}, resource in Repository::"forge.example/team/");`;
  expect(compare([below], [git('context.git.repository like "forge.example/team/*"')])).toEqual([]);
  // The wildcard reaches into the host.
  expect(compare([], [git('context.git.repository like "*/app"')])).toMatchObject([
    { undecided: ['context.git.repository'] },
  ]);
});

test('what Git does is told from the path, so a difference in both is said to depend on both', () => {
  const permit = `permit(${HTTP}, resource);`;
  const forbid = `forbid(${HTTP}, resource) when { context has git && context.git.operation == "push" && context.path == "/" };`;
  const [difference] = compare([permit], [permit, forbid]);
  expect(difference?.undecided ?? []).toEqual(expect.arrayContaining(['context.git.operation', 'context.path']));
});

test('what a model is asked for', () => {
  const permit = (condition: string): string => `permit(${HTTP}, resource) when { context has model && ${condition} };`;
  const [difference] = compare(
    [permit('context.model.mcpServers.isEmpty()')],
    [permit('!context.model.tools.contains("x")')],
  );
  expect(difference).toMatchObject({ direction: 'newly allowed', undecided: [] });
});

test('a credential on one port', () => {
  const use = (host: string): string =>
    `permit(principal, action == Action::"SecretUse", resource == Secret::"s") when { context.host in Host::"${host}" };`;
  expect(compare([use('a.example:443')], [use('a.example')])).toMatchObject([
    {
      direction: 'newly allowed',
      witness: { action: 'SecretUse', resource: { name: 's' }, host: { name: 'a.example' } },
      undecided: [],
    },
  ]);
  expect(compare([use('*.example:443')], [use('*.example:443')])).toEqual([]);
});
