// Clients and servers that send in single bytes, break off anywhere, never end or never begin: only their own connection ends.
import type { Buffer } from 'node:buffer';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { Lab, listen, statuses } from './proxy-lab.ts';

const REQUEST =
  'POST /a/path?with=query HTTP/1.1\r\nHost: site.test\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: t\r\n\r\n';
const ANSWER =
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: t\r\n\r\n';

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
});

function newLab(options: ConstructorParameters<typeof Lab>[0] = {}): Lab {
  lab = new Lab(options);
  return lab;
}

/** Connects, writes, breaks off with RST; resolves when the socket is closed. */
async function breakOff(port: number, bytes: string): Promise<void> {
  const socket = net.connect({ host: '127.0.0.1', port });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  if (bytes !== '') await new Promise((resolve) => socket.write(bytes, 'latin1', resolve));
  socket.resetAndDestroy();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

/** The site answers as ever. */
async function isServed(made: Lab, port: number): Promise<boolean> {
  const request = 'GET / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n';
  return statuses(await made.speak(port, [request]))[0] === 200;
}

async function descriptorsSettle(limit: number): Promise<number> {
  const { readdirSync } = await import('node:fs');
  let count = readdirSync('/proc/self/fd').length;
  for (let looks = 0; looks < 200 && count > limit; looks++) {
    await sleep(25);
    count = readdirSync('/proc/self/fd').length;
  }
  return count;
}

describe('a client that breaks off', () => {
  it('after any number of bytes of a request ends its connection and leaves nothing open', {
    timeout: 120_000,
  }, async () => {
    const made = newLab();
    await made.httpOrigin('site.test', (request, response) => request.resume().on('end', () => response.end('ok')));
    const port = await made.dialledName('site.test', 80);
    expect(await isServed(made, port)).toBe(true);
    const before = await descriptorsSettle(0);
    for (let length = 0; length <= REQUEST.length; length++) await breakOff(port, REQUEST.slice(0, length));
    expect(await isServed(made, port)).toBe(true);
    // Idle connections to the server may stay for a while.
    expect(await descriptorsSettle(before + 8)).toBeLessThanOrEqual(before + 8);
  });

  it('after any number of bytes of a TLS handshake is no trouble', { timeout: 120_000 }, async () => {
    const made = newLab();
    await made.httpsOrigin('site.test', (_request, response) => response.end('ok'));
    const port = await made.dialledName('site.test', 443);
    const hello = await recordedHello('site.test');
    for (let length = 0; length <= hello.length; length += length < 60 ? 1 : 17)
      await breakOff(port, hello.subarray(0, length).toString('latin1'));
    expect(await made.curl(port, ['https://site.test/'])).toBe('ok');
  });
});

/** The first flight of a TLS client. */
async function recordedHello(serverName: string): Promise<Buffer> {
  const server = net.createServer();
  const port = await listen(server);
  const hello = new Promise<Buffer>((resolve) => server.once('connection', (socket) => socket.once('data', resolve)));
  const client = tls.connect({ host: '127.0.0.1', port, servername: serverName }).on('error', () => {});
  const bytes = await hello;
  client.destroy();
  server.close();
  return bytes;
}

describe('a server that breaks off', () => {
  it('after any number of bytes of an answer never makes it look complete', { timeout: 120_000 }, async () => {
    const made = newLab();
    let length = 0;
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.write(ANSWER.slice(0, length), 'latin1', () => socket.destroySoon()));
    });
    await made.upstream(server, 'site.test', 80);
    const port = await made.dialledName('site.test', 80);
    const request = 'GET / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n';
    for (length = 0; length <= ANSWER.length; length++) {
      const answer = await made.speak(port, [request]);
      const isComplete = answer.endsWith('\r\n0\r\nT: t\r\n\r\n') || statuses(answer).includes(502);
      const begun = statuses(answer).filter((status) => status >= 200);
      // Once the answer has begun nothing else can be said than by ending the connection short of it.
      expect([length, isComplete]).toEqual([
        length,
        length === ANSWER.length || begun.length === 0 || begun[0] === 502,
      ]);
      expect(begun.length).toBeLessThanOrEqual(1);
    }
  });
});

describe('a client that takes its time', () => {
  it('is told so when its head does not come, however many there are, while others are served', async () => {
    const made = newLab({ timeouts: { head: 1_000 } });
    await made.httpOrigin('site.test', (_request, response) => response.end('ok'));
    const port = await made.dialledName('site.test', 80);
    const slow = Array.from({ length: 100 }, (_, index) => made.speak(port, [`GET /${index} HTTP/1.1\r\nHost: si`]));
    expect(await isServed(made, port)).toBe(true);
    const answers = await Promise.all(slow);
    expect(answers.map((answer) => statuses(answer)[0])).toEqual(Array.from({ length: 100 }, () => 408));
  });

  it('does not prolong its head by sending a byte now and then', { timeout: 60_000 }, async () => {
    const made = newLab({ timeouts: { head: 1_500 } });
    await made.httpOrigin('site.test', (_request, response) => response.end('ok'));
    const port = await made.dialledName('site.test', 80);
    const socket = net.connect({ host: '127.0.0.1', port });
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes.toString('latin1'))).on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('GET / HTTP/1.1\r\nHost: site.test\r\nX-Slow: ');
    const drip = setInterval(() => socket.writable && socket.write('a'), 100);
    await closed;
    clearInterval(drip);
    expect(statuses(answer)).toEqual([408]);
  });

  it('of a body may, and is answered when it is complete', async () => {
    const made = newLab({ timeouts: { head: 300 } });
    await made.httpOrigin('site.test', (request, response) => {
      request.resume();
      request.on('end', () => response.end('ok'));
    });
    const port = await made.dialledName('site.test', 80);
    const socket = net.connect({ host: '127.0.0.1', port });
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes.toString('latin1')));
    socket.write('POST / HTTP/1.1\r\nHost: site.test\r\nContent-Length: 3\r\nConnection: close\r\n\r\n');
    for (const letter of 'abc') {
      await sleep(400);
      socket.write(letter);
    }
    await new Promise((resolve) => socket.once('close', resolve));
    expect(statuses(answer)).toEqual([200]);
  });
});

describe('what never ends', () => {
  const head = 'POST / HTTP/1.1\r\nHost: site.test\r\nTransfer-Encoding: chunked\r\n\r\n';
  const endless: readonly (readonly [string, string, string, number | undefined])[] = [
    ['a head', 'GET / HTTP/1.1\r\nHost: site.test\r\n', 'X-A: aaaaaaaaaaaaaaaa\r\n', 431],
    ['a request line', 'GET /', 'aaaaaaaa', 431],
    ['a header line', 'GET / HTTP/1.1\r\nHost: site.test\r\nX: ', 'aaaaaaaa', 431],
    ['a chunk extension', `${head}1;x=`, 'aaaaaaaa', undefined],
    ['a chunk size', `${head}`, '00000000', undefined],
    ['trailers', `${head}0\r\n`, 'X-A: aaaaaaaaaaaaaaaa\r\n', undefined],
    ['empty lines before a request', '', '\r\n\r\n\r\n\r\n', 400],
  ];

  it.each(endless)('%s is ended', { timeout: 60_000 }, async (_what, start, more, status) => {
    const made = newLab();
    await made.httpOrigin('site.test', (request, response) => request.resume().on('end', () => response.end('ok')));
    const port = await made.dialledName('site.test', 80);
    const socket = net.connect({ host: '127.0.0.1', port });
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes.toString('latin1'))).on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(start);
    const block = more.repeat(512);
    let sent = 0;
    while (!socket.destroyed && socket.writable && sent < 64 << 20) {
      sent += block.length;
      if (!socket.write(block, 'latin1'))
        await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(16 << 20);
    socket.destroy();
    await closed;
    if (status !== undefined && answer !== '') expect(statuses(answer)).toEqual([status]);
    expect(await isServed(made, port)).toBe(true);
  });
});

describe('very many connections', () => {
  it('are turned away above the limit, counted, and later ones are served', { timeout: 240_000 }, async () => {
    // None goes away by itself before all are there.
    const made = newLab({ timeouts: { firstBytes: 200_000 } });
    await made.httpOrigin('site.test', (_request, response) => response.end('ok'));
    const port = await made.dialledName('site.test', 80);
    const sockets: net.Socket[] = [];
    while (sockets.length < 1_300) {
      // One by one: what a full accept queue drops, the client takes for connected.
      const socket = net.connect({ host: '127.0.0.1', port }).on('error', () => {});
      sockets.push(socket);
      await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
    }
    await made.event(({ reason }) => reason === 'too many connections');
    for (const socket of sockets) socket.destroy();
    let served = false;
    for (let tries = 0; tries < 100 && !served; tries++) {
      await sleep(100);
      served = await isServed(made, port);
    }
    expect(served).toBe(true);
  });

  it('one after the other leave nothing', { timeout: 600_000 }, async () => {
    const made = newLab();
    const origin = await made.httpOrigin('site.test', (_request, response) => response.end('ok'));
    origin.keepAliveTimeout = 60_000;
    const port = await made.dialledName('site.test', 80);
    const count = Number(process.env['LEASH_CONNECTIONS'] ?? 1_000);
    const agent = new http.Agent({ keepAlive: false });
    const one = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const options = { host: '127.0.0.1', port, agent, headers: { host: 'site.test' } };
        http.get(options, (response) => response.resume().on('end', resolve)).on('error', reject);
      });
    await Promise.all(Array.from({ length: 50 }, one));
    globalThis.gc?.();
    const before = await descriptorsSettle(0);
    const memory = process.memoryUsage().rss;
    for (let done = 0; done < count; done += 50) {
      await Promise.all(Array.from({ length: 50 }, one));
      made.events.length = 0;
    }
    expect(await descriptorsSettle(before + 60)).toBeLessThanOrEqual(before + 60);
    expect((process.memoryUsage().rss - memory) / 2 ** 20).toBeLessThan(200);
  });
});
