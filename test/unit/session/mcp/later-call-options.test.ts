import { expect, test } from 'vitest';
import { Decision } from '../../../../src/decision/decision.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import { CallsInHand } from '../../../../src/proxy/mcp/calls-in-hand.ts';
import type { HeldCallsContext } from '../../../../src/session/held-calls.ts';
import { type CallJudging, judgedCalls } from '../../../../src/session/mcp/call-options.ts';
import { laterCallOptions } from '../../../../src/session/mcp/later-call-options.ts';
import { temporaryFolder } from '../../journal/sample-session.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };

async function judging(): Promise<CallJudging> {
  const decision = new Decision(await loadPolicies({ name: 'p', text: '' }, FACTS), 'enforce');
  return {
    session: { env: { XDG_STATE_HOME: temporaryFolder() }, workspace: '/w', config: undefined, say: () => {} },
    asking: { agent: 'a', decision } as HeldCallsContext,
    recorder: { emit: () => {}, tell: () => {}, calls: new CallsInHand(), dir: temporaryFolder() },
    decide: (request) => decision.decide(request),
    ask: () => Promise.reject(new Error('nobody is asked')),
    credentials: () => [],
  };
}

test('it is made once for all of a session, and what was pinned is kept at the end; where none was made nothing is', async () => {
  const made = await judging();
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
