// The official SDK's client in sessions whose policies ask, with two servers of the same tools, and with a network that breaks: what a person's word, a name and a lost stream do.
import net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AskingSession } from '../fixtures/asking.ts';
import { eventsOf, IDENTITIES, Place } from '../fixtures/leash.ts';
import { noOfficial, OFFICIAL, OfficialServers } from '../fixtures/mcp-official.ts';
import { callsOf, runSteps, type Steps, saidIn, stepsRequest } from '../fixtures/mcp-steps.ts';
import { unless } from '../fixtures/unless.ts';

const HOST = 'every.example';
const ALL = '@id("calls") permit(principal, action == Action::"McpCall", resource);';
const ASKED = `${ALL}
@id("ask-sum") @ask("Shall it add?")
forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"get-sum");`;
const NOT_ALL = `${ALL}
@id("no-image") forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"test_image_content");
@id("no-sampling") forbid(principal, action == Action::"McpCall", resource)
when { context.method == "sampling/createMessage" };`;
const every = { http: `http://${HOST}/mcp` };

describe('the official client', unless(noOfficial), () => {
  const servers = new OfficialServers();
  const ports = { http: 0, sse: 0 };
  let place: Place;
  beforeAll(async () => {
    ports.http = await servers.start(OFFICIAL.everything('streamableHttp'));
    ports.sse = await servers.start(OFFICIAL.everything('sse'));
  });
  afterAll(() => servers.stop());
  beforeEach(() => {
    place = new Place(IDENTITIES.at(-1));
  });
  afterEach(() => place.remove());

  describe.each(['http', 'sse'] as const)('asked over %s', (transport) => {
    const server = transport === 'sse' ? { sse: `http://${HOST}/sse` } : every;
    const asking = (steps: Steps['steps']): AskingSession =>
      new AskingSession(
        place,
        stepsRequest({ policy: ASKED, servers: { server }, steps, hosts: { [HOST]: ports[transport] } }),
      );

    it('a call waits for a person: approved it is answered, denied it is an error', async () => {
      const session = asking([
        { call: 'get-sum', args: { a: 1, b: 2 } },
        { call: 'get-sum', args: { a: 3, b: 4 } },
        { call: 'echo', args: { message: 'not asked' } },
      ]);
      const question = await session.approve();
      expect(question).toMatchObject({ text: 'Shall it add?' });
      await session.deny();
      const { status, stdout } = await session.end;
      expect(status).toBe(0);
      const said = saidIn(stdout.toString());
      expect(said).toMatchObject([{ text: 'The sum of 1 and 2 is 3.' }, { error: {} }, { text: 'Echo: not asked' }]);
      expect(said[1]?.error?.message).toMatch(/-33403/);
      const calls = (await eventsOf(place)).filter(({ action }) => action === 'McpCall');
      expect(callsOf(calls, 'tools/call').map(([tool, effect]) => [tool, effect])).toEqual([
        ['get-sum', 'allow'],
        ['get-sum', 'deny'],
        ['echo', 'allow'],
      ]);
    });

    it('meanwhile the client hears that its call waits', async () => {
      const session = asking([{ call: 'get-sum', args: { a: 1, b: 2 } }]);
      await session.question();
      // Said every ten seconds, on the stream on which the client listens.
      await new Promise((resolve) => setTimeout(resolve, 15_000));
      await session.approve();
      const [said] = saidIn((await session.end).stdout.toString());
      expect(said?.text).toBe('The sum of 1 and 2 is 3.');
      expect(said?.progress?.[0]).toBe(0.001);
    });

    it('an approval for the session is not asked for again', async () => {
      const session = asking([
        { call: 'get-sum', args: { a: 1, b: 2 } },
        { call: 'get-sum', args: { a: 1, b: 2 } },
      ]);
      await session.approve('session');
      expect(saidIn((await session.end).stdout.toString())).toMatchObject([
        { text: 'The sum of 1 and 2 is 3.' },
        { text: 'The sum of 1 and 2 is 3.' },
      ]);
    });
  });

  it('two servers with the same tools are told apart, in rules, in lists and in the journal', async () => {
    const policy = `${ALL}
      @id("not-there") forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"echo")
      when { resource in MCP::Server::"other.example" };`;
    const { said, calls } = await runSteps(place, {
      policy,
      servers: { every, other: { http: 'http://other.example/mcp' } },
      hosts: { [HOST]: ports.http, 'other.example': ports.http },
      steps: [
        { on: 'every', call: 'echo', args: { message: 'here' } },
        { on: 'other', call: 'echo', args: { message: 'there' } },
        { on: 'every', list: 'tools' },
        { on: 'other', list: 'tools' },
      ],
    });
    expect(said[0]).toMatchObject({ text: 'Echo: here' });
    expect(said[1]).toMatchObject({ error: { code: -33403 } });
    expect(said[2]?.names).toContain('echo');
    expect(said[3]?.names).not.toContain('echo');
    expect(said[3]?.names).toContain('get-env');
    const echoed = calls.filter(({ resource }) => resource.type === 'tool');
    expect(echoed.map(({ resource, effect }) => [resource, effect])).toEqual([
      [{ type: 'tool', name: 'echo', server: HOST }, 'allow'],
      [{ type: 'tool', name: 'echo', server: 'other.example' }, 'deny'],
    ]);
  });

  it('streams that break are resumed by Last-Event-ID, and what comes then is judged and filtered, too', async () => {
    const breaking = new BreakingRelay(await servers.start(OFFICIAL.complete(HOST)), [
      'notifications/progress',
      '"tools":[',
      'sampling/createMessage',
    ]);
    try {
      const { said, calls } = await runSteps(place, {
        policy: NOT_ALL,
        servers: { every },
        hosts: { [HOST]: await breaking.listen() },
        steps: [
          { call: 'test_tool_with_progress' },
          { call: 'test_reconnection' },
          { list: 'tools' },
          { call: 'test_sampling', args: { prompt: 'x' }, patience: 5_000 },
        ],
      });
      expect(said[0]?.progress?.slice(0, 2)).toEqual([0, 50]);
      expect(said[1]).toMatchObject({ text: 'The client came back.' });
      expect(said[2]?.names).toContain('test_simple_text');
      expect(said[2]?.names).not.toContain('test_image_content');
      // The server is told, and tells the client.
      expect(said[3]).toMatchObject({ text: expect.stringContaining('policy forbids') });
      expect(said.flatMap((answer) => answer.asked)).toEqual([]);
      expect(callsOf(calls, 'sampling/createMessage')).toEqual([[HOST, 'deny', 'denied']]);
      expect([breaking.broken, breaking.resumed]).toEqual([3, 4]);
    } finally {
      breaking.close();
    }
  });
});

/** Bytes to a port of loopback and back; each of the words is cut off once, with the connection that brings it. */
class BreakingRelay {
  broken = 0;
  resumed = 0;
  readonly #words: string[];
  readonly #sockets = new Set<net.Socket>();
  readonly #server: net.Server;

  constructor(port: number, words: readonly string[]) {
    this.#words = [...words];
    this.#server = net.createServer((client) => {
      const upstream = net.connect(port, '127.0.0.1');
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => other.destroy());
      }
      client.on('data', (bytes) => {
        if (/last-event-id: /i.test(bytes.toString())) this.resumed++;
        upstream.write(bytes);
      });
      upstream.on('data', (bytes) => {
        const at = bytes.indexOf(this.#words[0] ?? '\0');
        if (at < 0) return void client.write(bytes);
        this.#words.shift();
        this.broken++;
        client.end(bytes.subarray(0, at));
        upstream.destroy();
      });
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as net.AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
