// The keeper of bodies: what it says when it cannot write; and which brokers a session has.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Decision } from '../../../src/decision/decision.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { RequestMessage } from '../../../src/proxy/exchange/passage.ts';
import type { McpBrokerOptions } from '../../../src/proxy/mcp/call-judge.ts';
import type { Peer } from '../../../src/proxy/options.ts';
import { bodyKeeper, brokersOf } from '../../../src/session/brokers.ts';
import { temporaryFolder } from '../journal/sample-session.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/home/u', tmp: '/tmp' };
/** Nothing is asked of them here. */
const SEAMS: Parameters<typeof brokersOf>[2] = {
  candidates: () => [],
  decide: () => ({ effect: 'allow', policies: [], enforced: true, epoch: 1 }),
  ask: () => Promise.reject(new Error('nobody is asked')),
  alert: () => {},
};
const calls = async (): Promise<McpBrokerOptions> => ({}) as McpBrokerOptions;
const body = { content: Buffer.from('hello'), type: 'text/plain', isWhole: true };

test('a body that cannot be written is said to be lost, and the exchange goes on', () => {
  const dir = temporaryFolder();
  const keep = bodyKeeper({ dir, credentials: [] });
  expect(keep({ request: body })).toMatchObject({ request_body: '1-request', request_body_type: 'text/plain' });
  rmSync(path.join(dir, 'bodies'), { recursive: true });
  expect(keep({ response: body })).toEqual({ response_body_lost: 'ENOENT' });
});

const message: RequestMessage = { method: 'POST', path: '/', fields: [] };

test.each([
  ['enforce', false, [33_554_432, 'objection']],
  ['shadow', true, [33_554_432, 'passes']],
] as const)(
  'in mode %s a policy about models is looked at, and stops what cannot be read: not when nothing is stopped',
  async (mode, observes, expected) => {
    const text = 'forbid(principal, action == Action::"HttpRequest", resource) when { context has model };';
    const decision = new Decision(await loadPolicies({ name: 'p.cedar', text }, FACTS), mode);
    const [models, ...others] = await brokersOf({ decision, observes, calls }, undefined, SEAMS);
    const peer = { name: 'a.example', port: 443 } as Peer;
    const said = models?.describe?.(message, Buffer.from('{"a":1,"a":2}'), peer) ?? {};
    expect([models?.reads?.(message, peer), 'reply' in said ? 'objection' : 'passes']).toEqual(expected);
    expect(others.map(({ constructor: { name } }) => name)).toEqual(['McpBroker', 'RewriteBroker']);
  },
);

test('bodies are kept only when they are to be', async () => {
  const decision = new Decision(await loadPolicies({ name: 'p.cedar', text: '' }, FACTS), 'enforce');
  const observation = { decision, observes: false, calls };
  expect(await brokersOf(observation, undefined, SEAMS)).toHaveLength(3);
  const bodies = { dir: temporaryFolder(), credentials: [] };
  expect(await brokersOf({ ...observation, bodies }, undefined, SEAMS)).toHaveLength(4);
});
