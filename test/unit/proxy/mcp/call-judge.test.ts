import { expect, test } from 'vitest';
import { CallJudge, type McpBrokerOptions, serverName } from '../../../../src/proxy/mcp/call-judge.ts';
import { CallsInHand } from '../../../../src/proxy/mcp/calls-in-hand.ts';
import type { Decision } from '../../../../src/proxy/options.ts';
import type { McpRequest } from '../../../../src/schema/request.ts';

test.each([
  ['tools.example', 443, 'https', 'tools.example'],
  ['tools.example', 80, 'http', 'tools.example'],
  ['tools.example', 80, 'https', 'tools.example:80'],
  ['localhost', 3000, 'http', 'localhost:3000'],
  ['::1', 443, 'https', '::1'],
  ['::1', 8080, 'http', '[::1]:8080'],
] as const)('%s, port %d of %s, is called %s', (name, port, scheme, expected) => {
  expect(serverName({ name, port }, scheme)).toBe(expected);
});

const PARTIES = {
  server: 'a',
  key: 'http://a/mcp',
  attribution: { who: { pid: 1, parent: 0, exe: '/x' }, program: { exe: '/x', uid: 0 } },
};
const REQUEST: McpRequest = {
  action: 'McpCall',
  resource: { type: 'tool', name: 't', server: 'a' },
  method: 'tools/call',
  args: new Map(),
};
const ASKING: Decision = { effect: 'deny', enforced: true, policies: ['q'], ask: 'May it?', epoch: 1 };

function judge(decision: Decision, changes: Partial<McpBrokerOptions> = {}): CallJudge {
  const options: McpBrokerOptions = {
    attention: () => ({ calls: 'enforced', args: 'enforced' }),
    decide: () => decision,
    mayCall: () => true,
    epoch: () => 1,
    emit: () => {},
    inHand: new CallsInHand(),
    ...changes,
  };
  return new CallJudge(options, PARTIES);
}
const signal = (): AbortSignal => new AbortController().signal;
const agreed: Decision = { ...ASKING, effect: 'allow', approval: { by: 'once', waited: 1 } };

test('a person is asked where calls are judged, and not about what servers may read differently', async () => {
  const asked: unknown[] = [];
  const ask = async (request: unknown): Promise<Decision> => {
    asked.push(request);
    return agreed;
  };
  expect((await judge(ASKING, { ask }).judge({ request: REQUEST, doubt: undefined }, signal)).denial).toBeUndefined();
  expect((await judge(ASKING, { ask }).judge({ request: REQUEST, doubt: 'it is odd' }, signal)).denial).toBeDefined();
  const shadow = { ask, attention: () => ({ calls: 'shadow', args: 'no' }) as const };
  expect((await judge(ASKING, shadow).judge({ request: REQUEST, doubt: undefined }, signal)).denial).toBeUndefined();
  expect(asked).toHaveLength(1);
  expect((await judge(ASKING).judge({ request: REQUEST, doubt: undefined }, signal)).denial?.policies).toEqual(['q']);
});

test('a doubt stops a permitted call only where a policy looks at arguments', () => {
  const allowed: Decision = { effect: 'allow', enforced: true, policies: ['p'], epoch: 1 };
  const doubted = { request: REQUEST, doubt: 'it is odd' };
  expect(judge(allowed).judgeNow(doubted)).toMatchObject({
    decision: { effect: 'deny', policies: [], reason: 'a policy looks at arguments, and it is odd' },
    denial: { form: 'error' },
  });
  const unread = judge(allowed, { attention: () => ({ calls: 'enforced', args: 'no' }) });
  expect(unread.judgeNow(doubted).denial).toBeUndefined();
});

test('where no policy speaks of calls nobody is asked', () => {
  const decide = (): never => {
    throw new Error('it is asked');
  };
  expect(judge(ASKING, { decide, epoch: () => 7 }).unjudged({ request: REQUEST, doubt: 'it is odd' })).toEqual({
    request: REQUEST,
    decision: { effect: 'allow', enforced: true, policies: [], epoch: 7 },
    denial: undefined,
    isJudged: false,
  });
});

test('a verdict that is no question is there at once', () => {
  const allowed: Decision = { effect: 'allow', enforced: true, policies: ['p'], epoch: 1 };
  expect(judge(allowed).judge({ request: REQUEST, doubt: undefined }, signal)).toMatchObject({ decision: allowed });
});
