import { expect, test } from 'vitest';
import { Decision } from '../../../../src/decision/decision.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import { CallsInHand } from '../../../../src/proxy/mcp/calls-in-hand.ts';
import type { HeldCallsContext } from '../../../../src/session/held-calls.ts';
import { type CallJudging, judgedCalls } from '../../../../src/session/mcp/call-options.ts';
import { temporaryFolder } from '../../journal/sample-session.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
const SPEAKS = 'permit(principal, action == Action::"McpCall", resource);';

async function judging(mode: 'enforce' | 'shadow', text: string, profiles: readonly string[]): Promise<CallJudging> {
  const decision = new Decision(await loadPolicies({ name: 'p', text }, FACTS), mode);
  return {
    session: {
      env: { XDG_STATE_HOME: temporaryFolder() },
      workspace: '/w',
      profiles,
      config: undefined,
      say: () => {},
    },
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
