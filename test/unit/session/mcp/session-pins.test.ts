import { expect, test } from 'vitest';
import type { Config } from '../../../../src/config/config.ts';
import { Decision } from '../../../../src/decision/decision.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import type { Event } from '../../../../src/schema/event.ts';
import type { HeldCallsContext } from '../../../../src/session/held-calls.ts';
import { sessionPins } from '../../../../src/session/mcp/session-pins.ts';
import { temporaryFolder } from '../../journal/sample-session.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
const decision = new Decision(await loadPolicies({ name: 'p', text: '' }, FACTS), 'enforce');
const context = { agent: 'a', decision } as HeldCallsContext;

function open(state: string, pins?: 'ask' | 'warn' | 'off', profiles: readonly string[] = [], workspace = '/w') {
  const [events, said] = [[] as Event[], [] as string[]];
  const options = {
    env: { XDG_STATE_HOME: state },
    profiles,
    workspace,
    config: { mcp: pins === undefined ? {} : { pins } } as Config,
    say: (line: string) => void said.push(line),
  };
  return { events, said, session: sessionPins(options, context, (event) => events.push(event)) };
}

test.each([
  [undefined, [], false],
  [undefined, ['coder'], false],
  [undefined, ['strict', 'node'], true],
  ['warn', ['strict'], false],
  ['ask', [], true],
] as const)('with pins %s and profiles %j calls are held: %s', (word, profiles, doesAsk) => {
  expect(open(temporaryFolder(), word, profiles).session?.doesAsk).toBe(doesAsk);
});

test('with pins off there are none', () => {
  expect(open(temporaryFolder(), 'off', ['strict']).session).toBeUndefined();
});

test('a change between two sessions is an event with the fields and the day, and no content', async () => {
  const state = temporaryFolder();
  const offer = { server: 's', key: 'k' };
  const first = open(state).session;
  first?.calls.tools.seen(offer, 't', '{"name":"t","description":"one"}');
  await first?.close();
  const { session, events, said } = open(state);
  session?.calls.tools.seen(offer, 't', '{"name":"t","description":"evil"}');
  session?.calls.tools.seen({ server: 'z', key: 'z' }, 't', '{"name":"t"}');
  await session?.close();
  expect(events).toMatchObject([
    {
      action: 'McpToolNotice',
      resource: { type: 'tool', name: 't', server: 's' },
      detail: {
        notice: 'changed',
        server: 's',
        fields: ['description'],
        since: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      },
      effect: 'allow',
      policies: [],
    },
    { resource: { server: 'z' }, detail: { notice: 'offered twice', others: ['s'] } },
  ]);
  expect(said).toHaveLength(1);
  expect(JSON.stringify([events, said])).not.toContain('evil');
});

test.each([
  ['stdio mcp:notes', 1],
  ['stdio mcp:./notes', 0],
  ['stdio mcp:?notes', 0],
  ['https://a.test/mcp', 1],
])('what is pinned of %s in one workspace holds in another: %d', async (key, changes) => {
  const state = temporaryFolder();
  const first = open(state).session;
  first?.calls.tools.seen({ server: 'notes', key }, 't', '{"name":"t"}');
  await first?.close();
  const { session, events } = open(state, undefined, [], '/other');
  session?.calls.tools.seen({ server: 'notes', key }, 't', '{"name":"t","title":"T"}');
  await session?.close();
  expect(events).toHaveLength(changes);
});
