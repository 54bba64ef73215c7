// Servers that speak HTTP/2 badly, say goodbye, or permit little: what the client is told, and that nothing else suffers.
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { constants, type Http2SecureServer, type Http2Session } from 'node:http2';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACK,
  block,
  END_HEADERS,
  END_STREAM,
  type Fields,
  FRAME,
  type Frame,
  FrameReader,
  frame,
  headers,
  settings,
  uint32,
} from '../fixtures/http2-frames.ts';
import { type Answer, ask, connect, echo, http2Origin, until } from './proxy-http2-lab.ts';
import { Lab } from './proxy-lab.ts';

const NAME = 'api.example.test';
let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(async () => await lab.close());

/** A server that answers each HEADERS frame with the bytes given. */
async function hostile(
  answer: (request: Frame, connection: number) => Buffer,
  first: Buffer = settings(),
): Promise<void> {
  let connections = 0;
  const server = tls.createServer(
    { SNICallback: (_name, done) => done(null, lab.originCa.contextFor(NAME)), ALPNProtocols: ['h2'] },
    (socket) => {
      connections += 1;
      const connection = connections;
      const reader = new FrameReader();
      let read = 0;
      socket.on('error', () => {});
      socket.write(Buffer.concat([first, frame(FRAME.settings, ACK, 0)]));
      let preface = 24;
      socket.on('data', (bytes: Buffer) => {
        const skipped = Math.min(preface, bytes.length);
        preface -= skipped;
        reader.push(bytes.subarray(skipped));
        // A write can bring more data before it returns, so each frame is counted first.
        while (read < reader.frames.length) {
          const one = reader.frames[read++];
          if (one?.type === FRAME.headers && !socket.destroyed) socket.write(answer(one, connection));
        }
      });
    },
  );
  await lab.upstream(server, NAME, 443);
}

async function get(path = '/', body?: string): Promise<Answer> {
  const session = connect(lab, await lab.dialledName(NAME, 443), NAME);
  const asked = body === undefined ? {} : { body };
  const answer = await ask(session, { ':path': path, ':method': body === undefined ? 'GET' : 'POST' }, asked);
  session.destroy();
  return answer;
}

const OK: Fields = [[':status', '200']];

describe('answers that are none', () => {
  it.each<[string, (stream: number) => Buffer]>([
    ['no status', (stream) => headers(stream, [['x', 'y']])],
    ['two statuses', (stream) => headers(stream, [...OK, [':status', '204']])],
    ['a status of letters', (stream) => headers(stream, [[':status', 'abc']])],
    ['status 101', (stream) => headers(stream, [[':status', '101']], END_HEADERS)],
    ['an upper-case name', (stream) => headers(stream, [...OK, ['X-A', 'y']])],
    ['transfer-encoding', (stream) => headers(stream, [...OK, ['transfer-encoding', 'chunked']])],
    ['connection', (stream) => headers(stream, [...OK, ['connection', 'close']])],
    ['a pseudo-header of requests', (stream) => headers(stream, [...OK, [':path', '/']])],
    ['two lengths', (stream) => headers(stream, [...OK, ['content-length', '0'], ['content-length', '1']])],
    ['DATA before HEADERS', (stream) => frame(FRAME.data, END_STREAM, stream, 'x')],
    [
      '100 interim responses',
      (stream) => Buffer.concat(Array.from({ length: 100 }, () => headers(stream, [[':status', '103']], END_HEADERS))),
    ],
    [
      'a header list above 64 KiB',
      (stream) =>
        Buffer.concat([
          frame(FRAME.headers, END_STREAM, stream, block(OK)),
          ...Array.from({ length: 6 }, (_, at) =>
            frame(FRAME.continuation, at === 5 ? END_HEADERS : 0, stream, block([[`x-${at}`, 'a'.repeat(16_000)]])),
          ),
        ]),
    ],
  ])('%s: a failure, and no answer', async (_what, bytes) => {
    await hostile(({ stream }) => bytes(stream));
    const answer = await get();
    expect(answer.status === undefined ? answer.code : answer.status).not.toBe(answer.status === undefined ? 0 : 200);
    expect((await lab.event(({ action }) => action === 'HttpRequest')).error).toBeDefined();
  });

  it.each<[string, string, string]>([
    ['shorter', '10', 'short'],
    ['longer', '2', 'longer'],
  ])('a body %s than it says is cut off, not completed', async (_what, length, body) => {
    await hostile(({ stream }) =>
      Buffer.concat([
        headers(stream, [...OK, ['content-length', length]], END_HEADERS),
        frame(FRAME.data, END_STREAM, stream, body),
      ]),
    );
    expect((await get()).code).not.toBe(constants.NGHTTP2_NO_ERROR);
    expect((await lab.event(({ action }) => action === 'HttpRequest')).error).toBeDefined();
  });

  it('a body that a reset without an error ends before its length is cut off, not completed', async () => {
    await hostile(({ stream }) =>
      Buffer.concat([
        headers(stream, [...OK, ['content-length', '10']], END_HEADERS),
        frame(FRAME.data, 0, stream, 'short'),
        frame(FRAME.reset, 0, stream, uint32(0)),
      ]),
    );
    expect((await get()).code).not.toBe(constants.NGHTTP2_NO_ERROR);
  });

  it.each<[string, Buffer]>([
    ['PUSH_PROMISE', frame(FRAME.push, END_HEADERS, 1, Buffer.concat([uint32(2), block(OK)]))],
    ['a frame above the limit', frame(FRAME.data, 0, 1, Buffer.alloc(20_000))],
    ['HTTP/1.1', Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')],
    ['noise', randomBytes(4000)],
    ['a window that overflows', frame(FRAME.window, 0, 0, uint32(2 ** 31 - 1))],
  ])('%s: the connection is given up with a readable 502', async (_what, bytes) => {
    await hostile(() => bytes);
    const answer = await get();
    expect(answer.status).toBe(502);
    expect(answer.body.toString()).toContain('leash: the server closed the connection');
  });

  it('a server that speaks something else behind ALPN h2', async () => {
    await hostile(() => Buffer.alloc(0), Buffer.from('220 mail.example.test ESMTP\r\n'));
    expect((await get()).status).toBe(502);
  });

  it('random frames from a server: no crash', async () => {
    await hostile(({ stream }) =>
      Buffer.concat(
        Array.from({ length: 20 }, () => {
          const [type = 0, flags = 0, size = 0, pick = 0] = randomBytes(4);
          return frame(type % 11, flags, pick % 2 === 0 ? stream : pick % 5, randomBytes(size));
        }).concat(frame(FRAME.goaway, 0, 0, uint32(0, 1))),
      ),
    );
    await Promise.all(Array.from({ length: 30 }, async () => get()));
    expect(lab.events).toHaveLength(30);
  });
});

describe('resets and goodbyes', () => {
  it.each([1, 2, 5, 8, 11, 13])('a reset with code %d reaches the client as it is', async (code) => {
    await hostile(({ stream }) => frame(FRAME.reset, 0, stream, uint32(code)));
    const answer = await get('/', 'a body');
    expect([answer.status, answer.code]).toEqual([undefined, code]);
    expect((await lab.event(({ action }) => action === 'HttpRequest')).detail?.['message']).toContain(
      'reset the stream',
    );
  });

  it('a refused stream is asked for once more, and a request with a body is not', async () => {
    let refusals = 0;
    await hostile(({ stream }) => {
      refusals += 1;
      return refusals === 1 ? frame(FRAME.reset, 0, stream, uint32(7)) : headers(stream, OK);
    });
    expect((await get()).status).toBe(200);
    refusals = 0;
    expect((await get('/', 'body')).code).toBe(constants.NGHTTP2_REFUSED_STREAM);
  });

  it.each([
    ['GOAWAY before the request was seen', frame(FRAME.goaway, 0, 0, uint32(0, 0))],
    ['GOAWAY with an error', frame(FRAME.goaway, 0, 0, uint32(0, 2))],
  ])('%s: the request is made again on a new connection', async (_what, goodbye) => {
    const connections: number[] = [];
    await hostile(({ stream }, connection) => {
      connections.push(connection);
      return connection === 1 ? goodbye : headers(stream, OK);
    });
    expect((await get()).status).toBe(200);
    expect(connections).toEqual([1, 2]);
  });

  it('a client that gives a request up gives it up at the server too', async () => {
    const codes: number[] = [];
    let opened = false;
    await http2Origin(lab, NAME, (stream) => {
      opened = true;
      stream.on('close', () => codes.push(stream.rstCode));
    });
    const session = connect(lab, await lab.dialledName(NAME, 443), NAME);
    const stream = session.request({ ':path': '/' });
    stream.on('error', () => {});
    await until(() => opened);
    stream.close(constants.NGHTTP2_CANCEL);
    await until(() => codes.length > 0);
    expect(codes).toEqual([constants.NGHTTP2_CANCEL]);
    session.destroy();
  });

  it('a client connection that breaks ends its requests at the server', async () => {
    let closed = 0;
    let opened = 0;
    await http2Origin(lab, NAME, (stream) => {
      opened += 1;
      stream.on('close', () => {
        closed += 1;
      });
    });
    const session = connect(lab, await lab.dialledName(NAME, 443), NAME);
    for (let n = 0; n < 5; n++) session.request({ ':path': `/${n}` }).on('error', () => {});
    await until(() => opened === 5);
    session.destroy();
    await until(() => closed === 5);
    await until(() => lab.events.length === 5);
    expect(lab.events.every(({ error }) => error === 'ECONNABORTED')).toBe(true);
  });
});

describe('how many at once', () => {
  async function limited(maxConcurrentStreams: number): Promise<{ most: () => number; connections: () => number }> {
    const open = new Map<Http2Session, number>();
    let most = 0;
    let connections = 0;
    const server: Http2SecureServer = await http2Origin(
      lab,
      NAME,
      (stream, received) => {
        const { session } = stream;
        if (session === undefined) return;
        open.set(session, (open.get(session) ?? 0) + 1);
        most = Math.max(most, open.get(session) ?? 0);
        stream.on('close', () => open.set(session, (open.get(session) ?? 1) - 1));
        setTimeout(() => echo(stream, received), 30);
      },
      { settings: { maxConcurrentStreams } },
    );
    server.on('session', () => {
      connections += 1;
    });
    return { most: () => most, connections: () => connections };
  }

  it.each([1, 3])('a server that permits %d: all are served, and none sees more', async (limit) => {
    const { most, connections } = await limited(limit);
    await get();
    const session = connect(lab, await lab.dialledName(NAME, 443), NAME);
    const answers = await Promise.all(Array.from({ length: 40 }, async (_, n) => ask(session, { ':path': `/${n}` })));
    session.destroy();
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(most()).toBeLessThanOrEqual(limit);
    expect(connections()).toBeGreaterThan(1);
    expect(connections()).toBeLessThanOrEqual(8);
  });

  it('requests that wait for a connection are told when there is none any more', async () => {
    const server = await http2Origin(lab, NAME, () => {}, { settings: { maxConcurrentStreams: 1 } });
    const session = connect(lab, await lab.dialledName(NAME, 443), NAME);
    const answers = Array.from({ length: 20 }, async (_, n) => ask(session, { ':path': `/${n}`, ':method': 'POST' }));
    let streams = 0;
    server.on('stream', () => streams++);
    await until(() => streams === 8);
    server.close();
    lab.dropUpstreams();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 502));
    session.destroy();
  });

  it('one body that nobody reads does not hold back the others of its connection', async () => {
    await http2Origin(
      lab,
      NAME,
      (stream, received) => {
        stream.respond({ ':status': 200 });
        if (received[':path'] === '/large') stream.end(Buffer.alloc(30 << 20));
        else stream.end('small');
      },
      { maxSessionMemory: 1000 },
    );
    const session = connect(lab, await lab.dialledName(NAME, 443), NAME);
    const stalled = Array.from({ length: 5 }, () => session.request({ ':path': '/large' }));
    for (const stream of stalled) stream.on('error', () => {});
    await Promise.all(stalled.map(async (stream) => new Promise((resolve) => stream.once('response', resolve))));
    for (let n = 0; n < 5; n++) expect((await get()).body.toString()).toBe('small');
    session.destroy();
  });
});
