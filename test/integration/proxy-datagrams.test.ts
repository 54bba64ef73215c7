// Datagrams through the proxy to real UDP sockets: which pass and come back, which are answered "port unreachable", and what is recorded.
import { Buffer } from 'node:buffer';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attribution, Decision, Destination } from '../../src/proxy/options.ts';
import type { Event } from '../../src/schema/event.ts';
import type { Request } from '../../src/schema/request.ts';
import { ALLOWED, DENIED, Lab, OWNER } from './proxy-lab.ts';

const NAME = 'time.example.test';
const PORT = 123;
const OTHER: Attribution = { who: { pid: 8, parent: 1, exe: '/bin/nc' }, program: { exe: '/bin/nc', uid: 1000 } };

/** The sandbox's side: what came back to which of its sockets. */
class Agent {
  readonly delivered: { readonly to: number; readonly text: string }[] = [];
  readonly unreachable: number[] = [];
  isFull = false;

  deliver(ends: Buffer, bytes: Buffer): boolean {
    if (!this.isFull) this.delivered.push({ to: ends.readUInt16LE(0), text: bytes.toString() });
    return !this.isFull;
  }
}

let lab: Lab;
let agent: Agent;
let sender: () => Attribution | undefined;
let ask: (request: Request) => Promise<Decision>;
let server: dgram.Socket;
let received: { text: string; port: number }[];

beforeEach(async () => {
  agent = new Agent();
  sender = () => OWNER;
  ask = async () => DENIED;
  lab = new Lab({
    answers: {
      deliver: (ends, bytes) => agent.deliver(ends, bytes),
      unreachable: (ends) => void agent.unreachable.push(ends.readUInt16LE(0)),
    },
    sender: () => sender(),
    ask: (request) => ask(request),
  });
  received = [];
  server = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(server, 'listening');
  server.on('message', (bytes, from) => {
    received.push({ text: bytes.toString(), port: from.port });
    server.send(`re: ${bytes.toString()}`, from.port, from.address);
  });
  lab.overrides.set(`${NAME}:${PORT}`, { address: '127.0.0.1', port: server.address().port });
});
afterEach(async () => {
  await lab.close();
  server.close();
});

function send(text: string, from = 40_000, peer: Partial<Destination> = {}): void {
  const ends = Buffer.alloc(44);
  ends.writeUInt16LE(from);
  lab.proxy.receive({
    agent: { address: '10.255.255.1', port: from },
    peer: { address: lab.names.addressOf(NAME, 4) ?? '', port: PORT, ...peer },
    line: 1,
    ends,
    bytes: Buffer.from(text),
  });
}

const refused = (): readonly Event[] => lab.events.filter(({ effect }) => effect === 'deny');

describe('datagrams to a permitted name and port', () => {
  it('pass, and their answers come back to the socket that sent them', async () => {
    send('one');
    send('two', 40_001);
    await expect.poll(() => agent.delivered.length).toBe(2);
    expect(agent.delivered.sort((a, b) => a.to - b.to)).toEqual([
      { to: 40_000, text: 're: one' },
      { to: 40_001, text: 're: two' },
    ]);
    expect(new Set(received.map(({ port }) => port)).size).toBe(2);
    send('three');
    await expect.poll(() => received.map(({ text }) => text)).toContain('three');
    const first = received.find(({ text }) => text === 'one');
    expect(received.find(({ text }) => text === 'three')).toMatchObject({ port: first?.port });
  });

  it('are recorded when they rest, with their bytes', async () => {
    send('12345');
    await expect.poll(() => agent.delivered.length).toBe(1);
    await lab.proxy.close();
    expect(lab.events).toMatchObject([
      {
        action: 'NetConnect',
        resource: { type: 'host', name: NAME },
        who: OWNER.who,
        detail: { port: PORT, protocol: 'udp', bytes_out: 5, bytes_in: 9 },
        effect: 'allow',
      },
    ]);
  });

  it('come in order, though the first ones waited for the name to be looked up', async () => {
    const sent = Array.from({ length: 10 }, (_, number) => String(number));
    for (const text of sent) send(text);
    await expect.poll(() => received.length).toBe(10);
    expect(received.map(({ text }) => text)).toEqual(sent);
  });

  it('from a stranger do not reach the agent', async () => {
    send('hello');
    await expect.poll(() => agent.delivered.length).toBe(1);
    const stranger = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await once(stranger, 'listening');
    stranger.send('boo', received[0]?.port ?? 0, '127.0.0.1');
    send('again');
    await expect.poll(() => agent.delivered.length).toBe(2);
    expect(agent.delivered.map(({ text }) => text)).toEqual(['re: hello', 're: again']);
    stranger.close();
  });

  it('that find no room are counted', async () => {
    agent.isFull = true;
    send('lost');
    await expect.poll(() => received.length).toBe(1);
    send('lost, too');
    await expect.poll(() => received.length).toBe(2);
    await lab.proxy.close();
    expect(lab.events[0]?.detail).toMatchObject({ bytes_in: 0, bytes_out: 13 });
  });

  it('to where nobody receives are answered so', async () => {
    const closed = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await once(closed, 'listening');
    lab.overrides.set(`${NAME}:${PORT}`, { address: '127.0.0.1', port: closed.address().port });
    closed.close();
    await once(closed, 'close');
    send('anybody?');
    await expect.poll(() => agent.unreachable).toEqual([40_000]);
  });
});

describe('datagrams are refused, at once and with an event', () => {
  it('by the policy', async () => {
    lab.decide = () => DENIED;
    send('x');
    await expect.poll(() => agent.unreachable).toEqual([40_000]);
    expect(lab.events).toMatchObject([
      {
        action: 'NetConnect',
        resource: { name: NAME },
        who: OWNER.who,
        detail: { port: PORT, protocol: 'udp' },
        effect: 'deny',
        policies: ['no-secrets'],
        error: 'ECONNREFUSED',
      },
    ]);
    expect(received).toEqual([]);
  });

  it.each([
    ['an address that no name has', '198.18.77.77', 'no name was resolved to this address'],
    ['loopback', '127.0.0.1', 'the destination is loopback'],
    ['a private address', '192.168.1.1', 'the destination is a private address'],
    ['a metadata service', '169.254.169.254', 'the destination is a metadata address'],
    ['a multicast group', '224.0.0.251', 'the destination is a multicast address'],
    ['everybody', '255.255.255.255', 'the destination is a reserved address'],
    ['a NAT64 spelling of loopback', '64:ff9b::7f00:1', 'the destination is loopback'],
  ])('to %s', async (_what, address, reason) => {
    send('x', 40_000, { address });
    await expect.poll(() => agent.unreachable).toEqual([40_000]);
    expect(refused()).toMatchObject([{ reason, error: 'ECONNREFUSED' }]);
  });

  it('when nobody is known to have sent them', async () => {
    sender = () => undefined;
    send('x');
    await expect.poll(() => agent.unreachable).toEqual([40_000]);
    expect(refused()).toMatchObject([{ reason: 'no process is known to have sent this' }]);
  });

  it('when the name turns out to be private', async () => {
    const inner = new Lab({
      lookup: async () => [
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
      answers: { deliver: () => true, unreachable: () => void agent.unreachable.push(0) },
    });
    const bytes = Buffer.from('x');
    const peer = { address: inner.names.addressOf('rebound.test', 4) ?? '', port: 53_000 };
    inner.proxy.receive({ agent: { address: '10.255.255.1', port: 1 }, peer, line: 1, ends: Buffer.alloc(44), bytes });
    await inner.event(({ effect }) => effect === 'deny');
    expect(inner.events).toMatchObject([{ reason: 'rebound.test is 10.0.0.1, which is private' }]);
    expect(agent.unreachable).toEqual([0]);
    await inner.close();
  });

  it('after a reload, where they passed before', async () => {
    send('before');
    await expect.poll(() => agent.delivered.length).toBe(1);
    lab.decide = () => DENIED;
    lab.proxy.rejudge();
    send('after');
    await expect.poll(() => agent.unreachable).toEqual([40_000, 40_000]);
    expect(received.map(({ text }) => text)).toEqual(['before']);
    expect(refused()).toHaveLength(2);
  });

  it('when another program has the port that a permitted one had', async () => {
    lab.decide = (request) => ('program' in request && request.program === OTHER.program ? DENIED : ALLOWED);
    send('permitted');
    await expect.poll(() => agent.delivered.length).toBe(1);
    sender = () => OTHER;
    send('not permitted');
    await expect.poll(() => agent.unreachable).toEqual([40_000]);
    expect(received.map(({ text }) => text)).toEqual(['permitted']);
    expect(lab.events).toMatchObject([
      { effect: 'allow', who: OWNER.who, detail: { bytes_out: 9 } },
      { effect: 'deny', who: OTHER.who },
    ]);
  });
});

describe('when a person is asked', () => {
  const QUESTION: Decision = { ...DENIED, ask: 'may it?' };

  it('datagrams wait for the word, a few of them', async () => {
    let answer: (decision: Decision) => void = () => undefined;
    ask = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    lab.decide = () => QUESTION;
    for (let number = 0; number < 40; number++) send(String(number));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(received).toEqual([]);
    answer({ ...ALLOWED, ask: 'may it?', approval: { by: 'once', waited: 1 } });
    await expect.poll(() => received.length).toBe(16);
    await lab.proxy.close();
    expect(lab.events).toMatchObject([{ effect: 'allow', approval: { by: 'once' }, detail: { dropped: 24 } }]);
  });

  it('a refusal answers them', async () => {
    lab.decide = () => QUESTION;
    send('x');
    await expect.poll(() => agent.unreachable).toEqual([40_000]);
    expect(lab.events).toMatchObject([{ effect: 'deny', error: 'ECONNREFUSED' }]);
  });
});

it('a flood of sockets holds 256 of ours at most', async () => {
  const descriptors = async (): Promise<number> => {
    const { readdir } = await import('node:fs/promises');
    return (await readdir('/proc/self/fd')).length;
  };
  const before = await descriptors();
  for (let port = 1; port <= 2_000; port++) send('x', port);
  await expect.poll(() => received.length, { timeout: 50_000 }).toBe(256);
  expect((await descriptors()) - before).toBeLessThan(300);
  await lab.proxy.close();
  expect(lab.events).toHaveLength(2_000);
});
