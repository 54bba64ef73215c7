// The official SDK's client in a session; the official server outside, over streamable HTTP and over HTTP with SSE, or inside, over stdio: what is allowed, denied and hidden.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, Place } from '../fixtures/leash.ts';
import { noOfficial, OFFICIAL, OfficialServers } from '../fixtures/mcp-official.ts';
import { callsOf, runSteps, type Server, type Step } from '../fixtures/mcp-steps.ts';
import { unless } from '../fixtures/unless.ts';

const HOST = 'every.example';
/** What nobody declared is called by its words. */
const PACKAGE = '@modelcontextprotocol/server-everything';
const CALLS = `
@id("calls") permit(principal, action == Action::"McpCall", resource);
@id("no-env") @reason("The environment is nobody's business.")
forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"get-env");
@id("no-thirteen")
forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"get-sum")
when { context.args.hasTag("b") && context.args.getTag("b") == "13" };
@id("no-simple-prompt")
forbid(principal, action == Action::"McpCall", resource is MCP::Server)
when { context.method == "prompts/get" && context.args.hasTag("name") && context.args.getTag("name") == "simple-prompt" };
@id("no-features")
forbid(principal, action == Action::"McpCall", resource is MCP::Server)
when { context.method == "resources/read" && context.args.hasTag("uri") && context.args.getTag("uri") like "*features.md" };
@id("no-elicitation") @reason("Nobody is asked.")
forbid(principal, action == Action::"McpCall", resource)
when { context.method == "elicitation/create" };
`;

const DOCUMENTS = 'demo://resource/static/document/';
const LONG = 'trigger-long-running-operation';

describe.each(['streamableHttp', 'sse', 'stdio'] as const)('over %s', unless(noOfficial), (transport) => {
  const servers = new OfficialServers();
  const isInside = transport === 'stdio';
  const name = isInside ? PACKAGE : HOST;
  let hosts: Readonly<Record<string, number>> = {};
  let place: Place;
  beforeAll(async () => {
    if (!isInside) hosts = { [HOST]: await servers.start(OFFICIAL.everything(transport)) };
  });
  afterAll(() => servers.stop());
  beforeEach(() => {
    place = new Place(IDENTITIES.at(-1));
  });
  afterEach(() => place.remove());

  const every: Server = {
    streamableHttp: { http: `http://${HOST}/mcp` },
    sse: { sse: `http://${HOST}/sse` },
    stdio: { command: 'node', args: OFFICIAL.everything('stdio') },
  }[transport];
  const run = (steps: readonly Step[], policy = CALLS): ReturnType<typeof runSteps> =>
    runSteps(place, { policy, servers: { every }, steps, hosts });
  /** The legacy transport answers on another stream: there a denial is the answer to the POST. */
  const denied =
    transport === 'sse'
      ? { message: expect.stringContaining('"code":-33403') }
      : { code: -33403, message: expect.stringContaining('Leash does not permit') };
  const heard = { streamableHttp: 'http', sse: 'http+sse', stdio: 'stdio' }[transport];

  it('tools and arguments: what is forbidden is an error of its call, and the rest works', async () => {
    const { said, calls } = await run([
      { call: 'echo', args: { message: 'hello' } },
      { call: 'get-env' },
      { call: 'get-sum', args: { a: 1, b: 2 } },
      { call: 'get-sum', args: { a: 1, b: 13 } },
    ]);
    expect(said).toMatchObject([
      { text: 'Echo: hello' },
      { error: denied },
      { text: 'The sum of 1 and 2 is 3.' },
      { error: denied },
    ]);
    expect(said[1]?.error?.message).toContain("The environment is nobody's business.");
    expect(callsOf(calls, 'tools/call').toSorted()).toEqual([
      ['echo', 'allow', 'result'],
      ['get-env', 'deny', 'denied'],
      ['get-sum', 'allow', 'result'],
      ['get-sum', 'deny', 'denied'],
    ]);
    expect(
      calls
        .map(({ detail }) => `${detail?.['method']} ${detail?.['transport']}`)
        .filter((each) => !each.endsWith(` ${heard}`)),
    ).toEqual([]);
    const refusing = calls.filter(({ effect }) => effect === 'deny').map(({ policies }) => policies);
    expect(refusing.toSorted()).toEqual([['no-env'], ['no-thirteen']]);
  });

  it('lists are without what is forbidden, which cannot be had by its name either', async () => {
    const { said, calls } = await run([
      { list: 'tools' },
      { list: 'prompts' },
      { list: 'resources' },
      { prompt: 'args-prompt', args: { city: 'Bern' } },
      { prompt: 'simple-prompt' },
      { read: `${DOCUMENTS}architecture.md` },
      { read: `${DOCUMENTS}features.md` },
    ]);
    const names = said.map((answer) => answer.names ?? []);
    // Some arguments of get-sum are permitted.
    expect(names[0]).toEqual(expect.arrayContaining(['echo', 'get-sum', 'trigger-sampling-request']));
    expect(names[0]).not.toContain('get-env');
    expect(names[1]).toContain('args-prompt');
    expect(names[1]).not.toContain('simple-prompt');
    expect(names[2]).toContain(`${DOCUMENTS}architecture.md`);
    expect(names[2]).not.toContain(`${DOCUMENTS}features.md`);
    expect(said.slice(3)).toMatchObject([
      { text: expect.stringContaining('Bern') },
      { error: denied },
      { text: expect.stringContaining('Architecture') },
      { error: denied },
    ]);
    expect(calls.filter(({ effect }) => effect === 'deny').map(({ policies }) => policies)).toEqual([
      ['no-simple-prompt'],
      ['no-features'],
    ]);
  });

  it('progress arrives, a call is cancelled, and both are in the journal', async () => {
    const { said, calls } = await run([
      { call: LONG, args: { duration: 0.2, steps: 4 } },
      { call: LONG, args: { duration: 60, steps: 600 }, abortAfter: 2 },
      { call: 'echo', args: { message: 'still here' } },
    ]);
    expect(said).toMatchObject([
      { text: expect.stringContaining('completed') },
      { progress: [1, 2], error: { message: expect.stringContaining('not wanted any more') } },
      { text: 'Echo: still here' },
    ]);
    // A client of this SDK may drop the last one, when the result comes in the same packet.
    expect(said[0]?.progress?.slice(0, 3)).toEqual([1, 2, 3]);
    expect(callsOf(calls, 'notifications/cancelled')).toEqual([[name, 'allow', 'sent']]);
    const outcomes = callsOf(calls, 'tools/call').filter(([tool]) => tool === LONG);
    expect(outcomes.map(([, , outcome]) => outcome).sort()).toEqual(['cancelled', 'result']);
  });

  it('a cancellation that is forbidden does not reach the server', async () => {
    const policy = `${CALLS} @id("no-way-back") forbid(principal, action == Action::"McpCall", resource)
      when { context.method == "notifications/cancelled" };`;
    const { said, calls } = await run(
      [{ call: LONG, args: { duration: 60, steps: 600 }, abortAfter: 1 }, { list: 'tools' }],
      policy,
    );
    expect(said).toMatchObject([{ error: { message: expect.stringContaining('not wanted any more') } }, {}]);
    expect(callsOf(calls, 'notifications/cancelled')).toEqual([[name, 'deny', 'denied']]);
  });

  it('what the server asks of the client is judged: sampling and roots are permitted, elicitation is not', async () => {
    const { said, calls } = await run([
      { call: 'trigger-sampling-request', args: { prompt: 'x' } },
      { call: 'get-roots-list' },
      { call: 'trigger-elicitation-request', patience: 4_000 },
    ]);
    expect(said).toMatchObject([
      { text: expect.stringContaining('sampled') },
      { text: expect.stringContaining('1. workspace') },
      // The server is told that it was denied, and tells the client.
      { text: expect.stringContaining('Nobody is asked.') },
    ]);
    const asked = said.flatMap((answer) => answer.asked);
    expect([...new Set(asked)].sort()).toEqual(['roots/list', 'sampling/createMessage']);
    const byServer = calls.filter(({ detail }) => detail?.['sender'] === 'server');
    expect(byServer.map(({ effect, detail }) => `${detail?.['method']} ${effect}`)).toEqual(
      expect.arrayContaining(['sampling/createMessage allow', 'roots/list allow', 'elicitation/create deny']),
    );
  });

  it('nothing is permitted: the client cannot even greet', async () => {
    const policy = '@id("none") forbid(principal, action == Action::"McpCall", resource);';
    const { said, calls } = await run([{ list: 'tools' }], policy);
    expect(said).toMatchObject([{ error: denied }]);
    expect(calls.map(({ effect, detail }) => [effect, detail?.['method']])).toEqual([['deny', 'initialize']]);
  });
});
