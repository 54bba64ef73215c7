// Recorded events and a candidate in; what is newly denied, asked and allowed, counted and grouped, out.
import { expect, test } from 'vitest';
import { Backtest, countOf, ELSEWHERE, type Origin } from '../../../../src/policy/backtest/backtest.ts';
import { Candidate } from '../../../../src/policy/backtest/candidate.ts';
import { placeOf } from '../../../../src/policy/backtest/place.ts';
import { recordedOutcome } from '../../../../src/policy/backtest/recorded.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import type { Event } from '../../../../src/schema/event.ts';
import type { Request } from '../../../../src/schema/request.ts';
import { FACTS } from '../judge.ts';
import { connect, dns, exec, file, http } from '../suggest/learn.ts';

const originOf = async (text: string): Promise<Origin> => ({
  session: 's1',
  facts: FACTS,
  candidate: new Candidate(await loadPolicies({ name: 'candidate', text }, FACTS)),
});

const event = (changes: Partial<Event>): Event => ({
  v: 1,
  time: 0,
  action: 'FileWrite',
  resource: { type: 'path', path: '/w/a' },
  effect: 'allow',
  enforced: true,
  policies: ['p'],
  epoch: 1,
  ...changes,
});

test.each([
  [{}, 'allow'],
  [{ effect: 'deny' }, 'deny'],
  // It took place: a session that records only observes.
  [{ effect: 'deny', enforced: false }, 'allow'],
  [{ effect: 'deny', policies: [] }, 'deny'],
  [{ effect: 'deny', policies: [], reason: 'Leash refuses it.' }, 'own'],
  [{ policies: [] }, 'own'],
  [{ effect: 'deny', ask: 'May it?' }, 'ask'],
  [{ effect: 'allow', ask: 'May it?' }, 'ask'],
] as const)('%j became of it: %s', (changes, outcome) => {
  expect(recordedOutcome(event(changes))).toBe(outcome);
});

test('what changes is grouped by action and place, with counts, times and examples', async () => {
  const origin = await originOf(`permit(principal, action, resource);
    @id("no-src") @reason("closed") forbid(principal, action == Action::"FileWrite", resource in Dir::"/w/src/");
    @id("ask-push") @ask("push?") forbid(principal, action == Action::"ProcessExec", resource) when { resource.name == "git" };`);
  const test = new Backtest();
  for (let index = 0; index < 5; index++)
    test.add(origin, index, 100 - index, [file(`/w/src/${index}`, 'FileWrite')], 'allow');
  test.add(origin, 5, 7, [exec('/usr/bin/git')], 'allow');
  test.add(origin, 6, 8, [file('/w/b')], 'deny');
  test.add(origin, 7, 9, [file('/w/c')], 'allow');
  test.leaveOut('lifecycle');
  expect(test.groups()).toMatchObject([
    {
      change: 'newly denied',
      action: 'FileWrite',
      place: '@workspace/src/',
      policies: ['no-src'],
      reason: 'closed',
      count: 5,
      first: 96,
      last: 100,
      examples: [{ event: 's1:0' }, { event: 's1:1' }, { event: 's1:2' }],
    },
    { change: 'newly asked', place: '/usr/bin/git', policies: ['ask-push'], count: 1 },
    { change: 'newly allowed', place: '@workspace/', count: 1 },
  ]);
  expect(test.totals()).toMatchObject({ evaluated: 8, unchanged: 1, lifecycle: 1, uncertain: 0 });
  expect(countOf(test.groups(), 'newly denied')).toBe(5);
});

test('of all that an operation needs the strictest outcome counts', async () => {
  const { candidate } = await originOf('permit(principal, action == Action::"FileOpenReadOnly", resource);');
  expect(candidate.judge([file('/w/a')]).outcome).toBe('allow');
  expect(candidate.judge([file('/w/a'), file('/w/a', 'FileWrite')]).outcome).toBe('deny');
  expect(candidate.judge([]).outcome).toBe('deny');
});

test('a verdict is remembered for its program, action and path alone', async () => {
  const { candidate } = await originOf(
    'permit(principal, action == Action::"FileWrite", resource == File::"/w/a") when { context.proc.exe == File::"/usr/bin/node" };',
  );
  const by = (exe: string, action: 'FileWrite' | 'FileDelete', path: string): Request =>
    ({
      ...file(path, action),
      program: { exe, uid: 0 },
    }) as Request;
  const requests = [
    by('/usr/bin/node', 'FileWrite', '/w/a'),
    by('/usr/bin/perl', 'FileWrite', '/w/a'),
    by('/usr/bin/node', 'FileDelete', '/w/a'),
    by('/usr/bin/node', 'FileWrite', '/w/b'),
  ];
  for (let round = 0; round < 2; round++)
    expect(requests.map((request) => candidate.judge([request]).outcome)).toEqual(['allow', 'deny', 'deny', 'deny']);
});

test('a verdict on what an MCP server did is not one on what the agent did', async () => {
  const { candidate } = await originOf(
    'permit(principal, action == Action::"FileWrite", resource) when { context.proc.via == "mcp:files" };',
  );
  const by = (via?: string): Request => {
    const request = file('/w/a', 'FileWrite');
    return { ...request, program: { exe: '/usr/bin/node', uid: 0, ...(via !== undefined && { via }) } } as Request;
  };
  const asked = [by('mcp:files'), by(), by('mcp:?files')];
  for (let round = 0; round < 2; round++)
    expect(asked.map((request) => candidate.judge([request]).outcome)).toEqual(['allow', 'deny', 'deny']);
  expect(candidate.unseenBy('FileWrite')).toEqual([]);
});

test('the rules of a session hold beside the policy: on datagrams, and on names that nothing could connect to', async () => {
  const { candidate } =
    await originOf(`permit(principal, action in [Action::"NetworkConnect", Action::"DnsResolve"], resource in Host::"a.com");
    permit(principal, action == Action::"DnsResolve", resource == Host::"b.com");
    permit(principal, action == Action::"NetConnect", resource == Host::"c.com") when { context.protocol == "udp" };`);
  const outcomes = [
    connect('a.com'),
    connect('a.com', 53, 'udp'),
    connect('c.com', 53, 'udp'),
    dns('a.com'),
    dns('b.com'),
  ];
  expect(outcomes.map((request) => candidate.judge([request]).outcome)).toEqual([
    'allow',
    'deny',
    'allow',
    'allow',
    'deny',
  ]);
});

test('what the journal does not keep and the policy speaks of makes events uncertain', async () => {
  const origin = await originOf(
    'permit(principal, action == Action::"HttpRequest", resource) when { context.query == "" };\npermit(principal, action == Action::"FileWrite", resource) unless { context.proc.ancestors.contains(File::"/x") };',
  );
  const test = new Backtest();
  test.add(origin, 0, 0, [http('a.com', 'GET', '/')], 'allow');
  test.add(origin, 1, 0, [file('/w/a', 'FileWrite')], 'allow');
  test.add(origin, 2, 0, [file('/w/a')], 'deny');
  test.add(origin, 3, 0, [dns('a.com')], 'deny');
  // Every action that has such a part, whichever the statement is about.
  expect(test.totals()).toMatchObject({ evaluated: 4, uncertain: 3, unseen: ['ancestors', 'query'] });
});

test('names that an agent makes up do not make a report without end', async () => {
  const origin = await originOf('forbid(principal, action, resource);');
  const test = new Backtest();
  for (let index = 0; index < 12_000; index++) test.add(origin, index, 0, [connect(`n${index}.com`)], 'allow');
  const groups = test.groups();
  expect(groups.length).toBeLessThanOrEqual(10_001);
  expect(countOf(groups, 'newly denied')).toBe(12_000);
  expect(groups.find(({ place }) => place === ELSEWHERE)?.count).toBe(2_000);
});

test.each([
  [file('/w/a'), '@workspace/'],
  [file('/w/a/b/c/d'), '@workspace/a/b/'],
  [file('/usr/lib/x86/libc.so'), '/usr/lib/'],
  [file('/'), '/'],
  [exec('/usr/bin/git'), '/usr/bin/git'],
  [connect('a.com', 22), 'a.com:22'],
  [connect('fe80::1', 22), '[fe80::1]:22'],
  [dns('a.com'), 'a.com'],
])('%j is counted under %s', (request, place) => {
  expect(placeOf(request, FACTS)).toBe(place);
});

test('one program may what another may not, whichever was judged first', async () => {
  const { candidate } = await originOf(`permit(principal, action, resource);
    forbid(principal, action, resource in Dir::"/w/keys/") unless { context.proc.exe.name == "ssh" };`);
  const ssh = { exe: '/usr/bin/ssh', uid: 1000 };
  const outcomes = [file('/w/keys/a'), { ...file('/w/keys/a'), program: ssh }, file('/w/a'), file('/w/keys/a')].map(
    (request) => candidate.judge([request as Request]).outcome,
  );
  expect(outcomes).toEqual(['deny', 'allow', 'allow', 'deny']);
});

test('calls of MCP are denied only by a candidate that speaks of them; of arguments the journal knows too little', async () => {
  const call: Request = {
    action: 'McpCall',
    resource: { type: 'tool', name: 't', server: 's' },
    method: 'tools/call',
    args: new Map(),
  };
  const outcome = async (text: string): Promise<readonly unknown[]> => {
    const candidate = new Candidate(await loadPolicies({ name: 'candidate', text }, FACTS));
    return [candidate.judge([call]).outcome, candidate.unseenBy('McpCall')];
  };
  expect(await outcome('permit(principal, action in Action::"FileOpen", resource);')).toEqual(['allow', []]);
  expect(await outcome('permit(principal, action == Action::"McpCall", resource is MCP::Server);')).toEqual([
    'deny',
    [],
  ]);
  const asking = 'permit(principal, action == Action::"McpCall", resource) when { context.args.hasTag("a") };';
  expect(await outcome(asking)).toEqual(['deny', ['args']]);
});
