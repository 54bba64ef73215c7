import { expect, test } from 'vitest';
import { Decision } from '../../../../src/decision/decision.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import { CallsInHand } from '../../../../src/proxy/mcp/calls-in-hand.ts';
import type { HeldCallsContext } from '../../../../src/session/held-calls.ts';
import { type CallJudging, judgedCalls } from '../../../../src/session/mcp/call-options.ts';
import { laterCallOptions } from '../../../../src/session/mcp/later-call-options.ts';
import { temporaryFolder } from '../../journal/sample-session.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
const SPEAKS = 'permit(principal, action == Action::"McpCall", resource);';

async function judging(mode: 'enforce' | 'shadow', text: string, profiles: readonly string[]): Promise<CallJudging> {
  const decision = new Decision(await loadPolicies({ name: 'p', text }, FACTS), mode);
  return {
    session: { env: { XDG_STATE_HOME: temporaryFolder() }, profiles, config: undefined, say: () => {} },
    asking: { agent: 'a', decision } as HeldCallsContext,
    recorder: { emit: () => {}, tell: () => {}, calls: new CallsInHand(), dir: temporaryFolder() },
    decide: (request) => decision.decide(request),
    ask: () => Promise.reject(new Error('nobody is asked')),
    credentials: () => [],
  };
}

test.each([
  ['enforce', '', [], 'no', false],
  ['enforce', '', ['strict'], 'no', true],
  ['enforce', SPEAKS, ['strict'], 'enforced', true],
  ['enforce', SPEAKS, [], 'enforced', false],
  ['shadow', SPEAKS, ['strict'], 'shadow', false],
  ['shadow', '', ['strict'], 'no', false],
] as const)('in mode %s, under %j with %j, calls are judged: %s, and held for their tools: %s', async (...row) => {
  const [mode, text, profiles, calls, pins] = row;
  const { options, end } = judgedCalls(await judging(mode, text, profiles));
  expect(options.attention().calls).toBe(calls);
  expect(options.attention().pins ?? false).toBe(pins);
  expect(options.pins).toBeDefined();
  await end();
});

test('it is made once for all of a session, and what was pinned is kept at the end; where none was made nothing is', async () => {
  const made = await judging('enforce', '', []);
  await laterCallOptions(made).end();
  const { options, end } = laterCallOptions(made);
  const [one, other] = await Promise.all([options(), options()]);
  expect(one).toBe(other);
  const offer = { server: 's', key: 'k' };
  one.pins?.tools.seen(offer, 't', '{"name":"t"}');
  await end();
  const notices: unknown[] = [];
  const recorder = { ...made.recorder, tell: (event: unknown) => void notices.push(event) };
  const next = judgedCalls({ ...made, recorder });
  next.options.pins?.tools.seen(offer, 't', '{"name":"t","title":"T"}');
  await next.end();
  expect(notices).toMatchObject([{ action: 'McpToolNotice', detail: { fields: ['title'] } }]);
});
