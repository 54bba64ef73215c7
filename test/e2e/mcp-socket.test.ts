// The official SDK's client in a session, over WebSocket, and a server of the official SDK outside: what is allowed, denied, hidden and asked.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, Place } from '../fixtures/leash.ts';
import { noOfficial, OFFICIAL, OfficialServers } from '../fixtures/mcp-official.ts';
import { callsOf, runSteps, type Step } from '../fixtures/mcp-steps.ts';
import { unless } from '../fixtures/unless.ts';

const HOST = 'socket.example';
const POLICY = `
@id("calls") permit(principal, action == Action::"McpCall", resource);
@id("no-audio") @reason("Nothing is heard.")
forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"test_audio_content");
@id("no-elicitation") @reason("Nobody is asked.")
forbid(principal, action == Action::"McpCall", resource) when { context.method == "elicitation/create" };
`;

describe('over WebSocket', unless(noOfficial), () => {
  const servers = new OfficialServers();
  let port = 0;
  let place: Place;
  beforeAll(async () => {
    port = await servers.start(OFFICIAL.completeOverWebSocket);
  });
  afterAll(() => servers.stop());
  beforeEach(() => {
    place = new Place(IDENTITIES.at(-1));
  });
  afterEach(() => place.remove());

  const run = (steps: readonly Step[], policy = POLICY): ReturnType<typeof runSteps> =>
    runSteps(place, { policy, servers: { all: { webSocket: `ws://${HOST}/` } }, steps, hosts: { [HOST]: port } });

  it('tools, lists and what the server asks are judged, and recorded with their transport', async () => {
    const { said, calls } = await run([
      { list: 'tools' },
      { call: 'test_simple_text' },
      { call: 'test_audio_content' },
      { call: 'test_sampling', args: { prompt: 'x' } },
      { call: 'test_elicitation', args: { message: 'x' } },
    ]);
    expect(said[0]?.names).toContain('test_simple_text');
    expect(said[0]?.names).not.toContain('test_audio_content');
    expect(said.slice(1)).toMatchObject([
      { text: expect.stringMatching(/./) },
      { error: { code: -33403, message: expect.stringContaining('Nothing is heard.') } },
      { text: expect.stringContaining('sampled') },
      { text: expect.stringContaining('Nobody is asked.') },
    ]);
    expect([...new Set(said.flatMap(({ asked }) => asked))]).toEqual(['sampling/createMessage']);
    expect(callsOf(calls, 'tools/call').toSorted()).toEqual([
      ['test_audio_content', 'deny', 'denied'],
      ['test_elicitation', 'allow', expect.stringMatching(/result|error/)],
      ['test_sampling', 'allow', 'result'],
      ['test_simple_text', 'allow', 'result'],
    ]);
    expect([...new Set(calls.map(({ detail }) => detail?.['transport']))]).toEqual(['websocket']);
  });

  it('nothing is permitted: the client cannot even greet', async () => {
    const policy = '@id("none") forbid(principal, action == Action::"McpCall", resource);';
    const { said, calls } = await run([{ list: 'tools' }], policy);
    expect(said).toMatchObject([{ error: { code: -33403 } }]);
    expect(calls.map(({ effect, detail }) => [effect, detail?.['method']])).toEqual([['deny', 'initialize']]);
  });

  it('no policy speaks of calls: all is as it was, and no call is recorded', async () => {
    const { said, calls, events } = await run([{ list: 'tools' }, { call: 'test_audio_content' }], '');
    expect(said[0]?.names).toContain('test_audio_content');
    expect(said[1]?.error).toBeUndefined();
    expect(calls).toEqual([]);
    expect(events.find(({ action }) => action === 'HttpRequest')).toMatchObject({ detail: { status: 101 } });
  });
});
