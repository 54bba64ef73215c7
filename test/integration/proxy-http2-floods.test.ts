// Floods and stalls of a client that speaks HTTP/2: memory stays bounded, that connection ends or waits, and the others are served.
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { ServerHttp2Stream } from 'node:http2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  block,
  END_HEADERS,
  END_STREAM,
  type Fields,
  FRAME,
  frame,
  headers,
  references,
  settings,
  uint32,
} from '../fixtures/http2-frames.ts';
import { ask, connect, dial, type FrameClient, http2Origin, speakFrames } from './proxy-http2-lab.ts';
import { Lab } from './proxy-lab.ts';

const NAME = 'api.example.test';
const RESET = uint32(8);
const INITIAL_WINDOW = 4;

let lab: Lab;
let requests: number;
let streams: ServerHttp2Stream[];
beforeEach(async () => {
  lab = new Lab({ timeouts: { head: 500 } });
  requests = 0;
  streams = [];
  await http2Origin(
    lab,
    NAME,
    (stream, received) => {
      requests += 1;
      streams.push(stream);
      stream.resume();
      if (received[':path'] === '/stay') return;
      stream.respond({ ':status': 200 });
      stream.end(received[':path'] === '/large' ? Buffer.alloc(4 << 20) : 'ok');
    },
    { maxSessionMemory: 100 },
  );
});
afterEach(async () => await lab.close());

function get(stream: number, path: string, flags: number = END_STREAM | END_HEADERS, ...more: Fields): Buffer {
  const fields: Fields = [
    [':method', flags & END_STREAM ? 'GET' : 'POST'],
    [':scheme', 'https'],
    [':authority', NAME],
    [':path', path],
  ];
  return headers(stream, [...fields, ...more], flags);
}

/** Another connection gets its answer. */
async function isServed(): Promise<void> {
  const session = connect(lab, await lab.dialledName(NAME, 443), NAME);
  expect((await ask(session, { ':path': '/' })).status).toBe(200);
  session.destroy();
}

/** Writes as fast as the proxy takes it, and stops when the connection ends. */
async function flood({ socket }: FrameClient, piece: (n: number) => Buffer, count: number): Promise<void> {
  for (let n = 0; n < count && !socket.destroyed; n++) {
    if (socket.write(piece(n))) continue;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        socket.off('drain', go).off('close', go);
        resolve();
      };
      socket.on('drain', go).on('close', go);
    });
  }
}

/** Heap and buffers that the whole process holds, in MB. */
function held(): number {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return (heapUsed + external + arrayBuffers) / 2 ** 20;
}

it('rapid reset (CVE-2023-44487): the connection ends, and the server got a bounded number of requests', async () => {
  const client = await speakFrames(lab, NAME);
  await flood(client, (n) => Buffer.concat([get(2 * n + 1, '/stay'), frame(FRAME.reset, 0, 2 * n + 1, RESET)]), 20_000);
  await client.closed;
  expect(requests).toBeLessThan(2000);
  expect(lab.events.some(({ reason }) => reason === 'too many requests were made only to be reset')).toBe(true);
  await isServed();
});

it.each<[string, (n: number) => Buffer]>([
  ['SETTINGS', () => settings([[INITIAL_WINDOW, 65_535]])],
  ['PING', () => frame(FRAME.ping, 0, 0, Buffer.alloc(8))],
])(
  '%s without end from a client that does not read: it ends or is held back, and memory stays',
  async (_what, piece) => {
    const client = await speakFrames(lab, NAME);
    client.socket.pause();
    const before = held();
    const many = Buffer.concat(Array.from({ length: 1000 }, (_, n) => piece(n)));
    const flooding = flood(client, () => many, 2000);
    await isServed();
    await Promise.race([flooding, new Promise((resolve) => setTimeout(resolve, 2000))]);
    expect(held() - before).toBeLessThan(200);
    client.socket.destroy();
    await flooding;
  },
);

it.each<[string, (n: number) => Buffer]>([
  ['empty DATA', () => frame(FRAME.data, 0, 1)],
  ['PRIORITY', (n) => frame(FRAME.priority, 0, 2 * n + 1001, Buffer.concat([uint32(2 * n + 999), Buffer.of(255)]))],
  ['empty WINDOW_UPDATE', () => frame(FRAME.window, 0, 1, uint32(1))],
  ['unknown frames', () => frame(99, 0, 0, Buffer.alloc(100))],
  [
    'ALTSVC and ORIGIN',
    () => Buffer.concat([frame(FRAME.altsvc, 0, 0, '\0\0h3=":1"'), frame(FRAME.origin, 0, 0, '\0\x01a')]),
  ],
])('%s without end: others are served meanwhile, and memory stays', async (_what, piece) => {
  const client = await speakFrames(lab, NAME);
  client.socket.write(get(1, '/stay', END_HEADERS));
  const before = held();
  const many = Buffer.concat(Array.from({ length: 100 }, (_, n) => piece(n)));
  await flood(client, () => many, 1000);
  await isServed();
  expect(held() - before).toBeLessThan(200);
  client.socket.destroy();
});

it('CONTINUATION without end: the connection ends', async () => {
  const client = await speakFrames(lab, NAME);
  client.socket.write(frame(FRAME.headers, 0, 1, block([[':method', 'GET']])));
  await flood(client, () => frame(FRAME.continuation, 0, 1, block([['x', 'y'.repeat(1000)]])), 10_000);
  await client.closed;
  expect(requests).toBe(0);
  await isServed();
});

it('a header list that begins and never ends holds nothing but its connection', async () => {
  const client = await speakFrames(lab, NAME);
  client.socket.write(frame(FRAME.headers, 0, 1, block([[':method', 'GET']])));
  await isServed();
  expect(requests).toBe(1);
  client.socket.destroy();
});

it('a compression bomb: 4 KB in the table, referred to 10,000 times', async () => {
  const client = await speakFrames(lab, NAME);
  const before = held();
  client.socket.write(
    Buffer.concat([
      frame(FRAME.headers, 0, 1, block([['x-bomb', 'a'.repeat(4000)]], true)),
      frame(FRAME.continuation, 0, 1, references(62, 10_000)),
      frame(FRAME.continuation, END_HEADERS, 1, references(62, 10_000)),
      get(3, '/'),
    ]),
  );
  await isServed();
  expect(held() - before).toBeLessThan(200);
  client.socket.destroy();
});

it('thousands of streams at once: the limit holds, and the server sees no more', async () => {
  const client = await speakFrames(lab, NAME);
  await flood(client, (n) => get(2 * n + 1, '/stay'), 5000);
  await isServed();
  expect(requests).toBeLessThanOrEqual(130);
  client.socket.destroy();
});

it('a window that stays 0: the server is held back, and goes on when it opens', async () => {
  const client = await speakFrames(lab, NAME, [[INITIAL_WINDOW, 0]]);
  for (let n = 0; n < 20; n++) client.socket.write(get(2 * n + 1, '/large'));
  while (streams.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  await isServed();
  // Most of what each has to send is still with the server: a window and a queue are what the proxy takes.
  for (const stream of streams.slice(0, 20)) expect(stream.writableLength).toBeGreaterThan(2 << 20);
  client.socket.write(
    Buffer.concat([settings([[INITIAL_WINDOW, 2 ** 31 - 1]]), frame(FRAME.window, 0, 0, uint32(2 ** 30))]),
  );
  const ended = (): number =>
    client.frames.filter(({ type, flags }) => type === FRAME.data && flags & END_STREAM).length;
  while (ended() < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  const bytes = client.frames.reduce((sum, { type, payload }) => sum + (type === FRAME.data ? payload.length : 0), 0);
  expect(bytes).toBe(20 * (4 << 20));
  client.socket.destroy();
});

it('a client that says nothing after TLS is not kept', async () => {
  const socket = dial(lab, await lab.dialledName(NAME, 443), NAME).resume();
  await new Promise((resolve) => socket.once('close', resolve));
});

it.each<[string, Buffer]>([
  ['a frame above the limit', frame(FRAME.data, 0, 1, Buffer.alloc(20_000))],
  [
    'broken compression',
    frame(FRAME.headers, END_STREAM | END_HEADERS, 1, Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff)),
  ],
  ['a reference past the table', frame(FRAME.headers, END_STREAM | END_HEADERS, 1, references(120, 1))],
  ['a window that overflows', frame(FRAME.window, 0, 0, uint32(2 ** 31 - 1))],
  ['an even stream', get(2, '/')],
  ['DATA on no stream', frame(FRAME.data, END_STREAM, 0, 'x')],
  ['SETTINGS on a stream', frame(FRAME.settings, 0, 1)],
  ['SETTINGS of a wrong size', frame(FRAME.settings, 0, 0, 'xxxxx')],
  ['PUSH_PROMISE', frame(FRAME.push, END_HEADERS, 1, uint32(2))],
  ['a window update of 0', frame(FRAME.window, 0, 0, uint32(0))],
  ['HTTP/1.1', Buffer.from(`GET / HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`)],
  ['noise', randomBytes(4000)],
])('%s: nothing of it reaches the server, and the connection is not kept', async (_what, bytes) => {
  const client = await speakFrames(lab, NAME);
  client.socket.write(bytes);
  await client.closed;
  expect(requests).toBe(0);
  await isServed();
});

it('random frames: no crash, and the next connection is served', async () => {
  for (let n = 0; n < 200; n++) {
    const client = await speakFrames(lab, NAME);
    const pieces = Array.from({ length: 20 }, () => {
      const [type = 0, flags = 0, stream = 0, size = 0] = randomBytes(4);
      return frame(type % 11, flags, stream % 8, randomBytes(size));
    });
    client.socket.write(Buffer.concat([get(1, '/stay', END_HEADERS), ...pieces]));
    if (n % 2 === 0) client.socket.end();
    else setTimeout(() => client.socket.destroy(), 5);
    await client.closed;
  }
  await isServed();
});
