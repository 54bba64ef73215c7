// The upstream side over real sockets: stale connections, failures told to the agent, names of the host, addresses in certificates.
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab, listen, statuses } from './proxy-lab.ts';

const NAME = 'api.example.test';
let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(async () => await lab.close());

/** Answers every request of a connection until `answers` are given, then resets it on the next request. */
function fragile(answers: number, seen: string[]): net.Server {
  return net.createServer((socket) => {
    let left = answers;
    socket.on('data', (bytes) => {
      seen.push(bytes.toString('latin1').split(' HTTP/1.1')[0] ?? '');
      if (left-- > 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      else socket.resetAndDestroy();
    });
  });
}

const request = (method: string, path: string, body = ''): string =>
  `${method} ${path} HTTP/1.1\r\nHost: ${NAME}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const last = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`;

describe('a reused upstream connection that was closing', () => {
  it('sends a request that is safe to repeat once more, on a new connection', async () => {
    const seen: string[] = [];
    await lab.upstream(fragile(1, seen), NAME, 80);
    const answer = await lab.speak(await lab.dialledName(NAME, 80), [request('GET', '/1'), last('/2')]);
    expect(statuses(answer)).toEqual([200, 200]);
    expect(seen).toEqual(['GET /1', 'GET /2', 'GET /2']);
  });

  it('does not repeat a request that the server may have acted on', async () => {
    const seen: string[] = [];
    await lab.upstream(fragile(1, seen), NAME, 80);
    const answer = await lab.speak(await lab.dialledName(NAME, 80), [
      request('GET', '/1'),
      request('POST', '/2', 'pay=1'),
    ]);
    expect(statuses(answer)).toEqual([200, 502]);
    expect(seen).toEqual(['GET /1', 'POST /2']);
  });

  it('does not repeat on a fresh connection', async () => {
    const seen: string[] = [];
    await lab.upstream(fragile(0, seen), NAME, 80);
    expect(statuses(await lab.speak(await lab.dialledName(NAME, 80), [last('/1')]))).toEqual([502]);
    expect(seen).toHaveLength(1);
    expect(lab.events).toMatchObject([{ effect: 'allow', error: 'ECONNRESET', detail: { status: 502 } }]);
  });
});

describe('what a server may not do', () => {
  const answering = (bytes: string): net.Server =>
    net.createServer((socket) => socket.once('data', () => socket.write(bytes, 'latin1')));
  it.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['no HTTP', 'hello\r\n\r\n'],
    ['101 unasked', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
    ['an endless head', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}`],
  ])('answers 502 for %s', async (_name, bytes) => {
    await lab.upstream(answering(bytes), NAME, 80);
    expect(statuses(await lab.speak(await lab.dialledName(NAME, 80), [last('/')]))).toEqual([502]);
    expect(lab.events).toMatchObject([{ error: 'EPROTO' }]);
  });

  it('does not take surplus bytes for the next answer', async () => {
    const poison = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';
    await lab.upstream(answering(poison), NAME, 80);
    const answer = await lab.speak(await lab.dialledName(NAME, 80), [request('GET', '/1'), last('/2')]);
    expect(statuses(answer)).toEqual([200, 200]);
    expect(answer).not.toContain('evil');
  });
});

describe('names of the host', () => {
  it('lead to the loopback of the host', async () => {
    const server = net.createServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhost')),
    );
    const port = await listen(server);
    for (const name of ['host.docker.internal', 'host.leash.internal']) {
      const answer = await lab.speak(await lab.dialledName(name, port), [
        `GET / HTTP/1.1\r\nHost: ${name}:${port}\r\nConnection: close\r\n\r\n`,
      ]);
      expect(answer).toMatch(/host$/);
    }
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('literal addresses', () => {
  it('get a certificate for the address, and the server must have one too', async () => {
    const address = '203.0.112.9';
    // A client that dials an address sends no server name, so the origin needs a certificate of its own choice.
    const raw = net.createServer((socket) => {
      const secure = new tls.TLSSocket(socket, { isServer: true, secureContext: lab.originCa.contextFor(address) });
      secure.on('error', () => {});
      secure.once('data', () => secure.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nby address'));
    });
    await lab.upstream(raw, address, 443);
    const port = await lab.dialled({ address, port: 443 });
    expect(await lab.curl(port, [`https://${address}/`])).toBe('by address');
    expect(lab.events).toMatchObject([{ resource: { name: address }, effect: 'allow', detail: { status: 200 } }]);
  });
});

describe('hostile input', () => {
  it('ends only the connection it came on', async () => {
    await lab.httpsOrigin(NAME, (_request, response) => response.end('alive'));
    const port = await lab.dialledName(NAME, 443);
    const hello = await new Promise<Buffer>((resolve) => {
      const server = net.createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', (bytes: Buffer) => {
          socket.destroy();
          server.close();
          resolve(bytes);
        });
      });
      server.listen(0, '127.0.0.1', () => {
        tls
          .connect({ port: (server.address() as net.AddressInfo).port, host: '127.0.0.1', servername: NAME })
          .on('error', () => {});
      });
    });
    let seed = 3;
    const random = (limit: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % limit;
    };
    for (let round = 0; round < 200; round++) {
      const bytes = Buffer.concat([hello, Buffer.from(last('/'))]);
      for (let n = random(8); n >= 0; n--) bytes[random(bytes.length)] = random(256);
      await new Promise<void>((resolve) => {
        const socket = net.connect({ host: '127.0.0.1', port });
        socket.on('error', () => {});
        socket.on('close', () => resolve());
        socket.on('data', () => socket.destroy());
        socket.end(bytes.subarray(0, 1 + random(bytes.length)));
      });
    }
    expect(await lab.curl(port, [`https://${NAME}/`])).toBe('alive');
  });
});
