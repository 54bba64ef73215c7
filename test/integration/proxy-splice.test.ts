// TLS that is relayed unopened: the real certificate, any protocol inside, mutual TLS; and what is refused all the same.
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Peer } from '../../src/proxy/options.ts';
import type { Event } from '../../src/schema/event.ts';
import { clientHello } from './client-hello-bytes.ts';
import { DENIED, echo, Lab, statuses } from './proxy-lab.ts';

const NAME = 'pinned.example.test';

let lab: Lab;
beforeEach(() => {
  lab = new Lab({ splices: ({ resource }) => resource.name === NAME });
});
afterEach(async () => await lab.close());

const isSpliced = ({ detail }: Event): boolean => detail?.['tls'] === 'spliced';

/** `once` would reject when an error comes first. */
function closed(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => socket.on('close', () => resolve()));
}

async function connect(options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
  const port = await lab.dialledName(NAME, 443);
  const ca = lab.originCa.certificatePem;
  const socket = tls.connect({ host: '127.0.0.1', port, servername: NAME, ca, ...options });
  socket.on('error', () => {});
  return socket;
}

describe('a spliced connection', () => {
  it('reaches the real server: its certificate is the one that the client sees', async () => {
    await lab.httpsOrigin(NAME, echo);
    const socket = await connect({ ALPNProtocols: ['http/1.1'] });
    await once(socket, 'secureConnect');
    socket.write(`GET /x HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`);
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    await closed(socket);
    expect(statuses(answer)).toEqual([200]);
    const event = await lab.event(isSpliced);
    expect(event).toMatchObject({
      action: 'NetConnect',
      resource: { name: NAME },
      effect: 'allow',
      detail: { port: 443, sni: NAME, bytes_in: expect.any(Number), duration_ms: expect.any(Number) },
    });
    expect(Number(event.detail?.['bytes_in'])).toBeGreaterThan(answer.length);
    expect(lab.events.filter(({ action }) => action === 'HttpRequest')).toEqual([]);
  });

  it('may be mutual TLS, with a certificate of the client', async () => {
    const server = tls.createServer(
      {
        SNICallback: (_name, done) => done(null, lab.originCa.contextFor(NAME)),
        requestCert: true,
        rejectUnauthorized: false,
      },
      (socket) => socket.end(`hello ${socket.getPeerX509Certificate()?.subjectAltName}`),
    );
    await lab.upstream(server, NAME, 443);
    const socket = await connect({ secureContext: clientContext(), rejectUnauthorized: false });
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    await closed(socket);
    expect(answer).toBe('hello DNS:client.example.test');
  });

  it('may carry HTTP/2 only', async () => {
    const server = http2.createSecureServer(
      { SNICallback: (_name, done) => done(null, lab.originCa.contextFor(NAME)) },
      (request, response) => response.end(`over ${request.httpVersion}`),
    );
    await lab.upstream(server, NAME, 443);
    const socket = await connect({ ALPNProtocols: ['h2'] });
    const session = http2.connect(`https://${NAME}`, { createConnection: () => socket });
    const stream = session.request({ ':path': '/' });
    let answer = '';
    for await (const bytes of stream) answer += String(bytes);
    session.close();
    expect(answer).toBe('over 2.0');
  });

  it.each([
    ['as they come', 0],
    ['one by one', 1],
  ])(
    'passes the bytes on as they are, %s; an encrypted client hello that means nothing (GREASE) too',
    async (_how, size) => {
      const received: Buffer[] = [];
      await lab.upstream(
        net.createServer((socket) => socket.on('data', (bytes) => received.push(bytes))),
        NAME,
        443,
      );
      const hello = clientHello({ serverName: NAME, extensions: [[0xfe0d, Buffer.alloc(200, 7)]] });
      const sent = Buffer.concat([hello, Buffer.from('and what follows')]);
      const client = net.connect({ host: '127.0.0.1', port: await lab.dialledName(NAME, 443), noDelay: true });
      client.on('error', () => {});
      if (size === 0) client.end(sent);
      else {
        for (const byte of sent) {
          client.write(Buffer.of(byte));
          await new Promise((resolve) => setImmediate(resolve));
        }
        client.end();
      }
      await closed(client);
      expect(Buffer.concat(received).equals(sent)).toBe(true);
      expect(await lab.event(isSpliced)).toMatchObject({ detail: { bytes_out: sent.length, sni: NAME } });
    },
  );

  it('ends when the policy has to see the requests on it', async () => {
    await lab.httpsOrigin(NAME, (_request, response) => response.write('started'));
    const socket = await connect();
    socket.write(`GET / HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`);
    await once(socket, 'data');
    lab.proxy.rejudge();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(socket.destroyed).toBe(false);
    lab.splices = () => false;
    lab.proxy.rejudge();
    await closed(socket);
    expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({
      action: 'NetConnect',
      reason: 'the policy now in force has to see the requests on this connection',
      error: 'ECONNRESET',
    });
  });

  it('is recorded when the session ends, before its journal closes', async () => {
    await lab.httpsOrigin(NAME, (_request, response) => response.write('started'));
    const socket = await connect();
    socket.write(`GET / HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`);
    await once(socket, 'data');
    await lab.proxy.close();
    expect(lab.events.filter(isSpliced)).toHaveLength(1);
  });

  it('ends when the policy does not permit it any more', async () => {
    await lab.httpsOrigin(NAME, (_request, response) => response.write('started'));
    const socket = await connect();
    socket.write(`GET / HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`);
    await once(socket, 'data');
    lab.decide = () => DENIED;
    lab.proxy.rejudge();
    await closed(socket);
    expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({ policies: ['no-secrets'] });
  });
});

describe('a connection is opened all the same', () => {
  it('when a broker has to see the requests', async () => {
    await lab.close();
    const needs = ({ name, port }: Peer): boolean => name === NAME && port === 443;
    lab = new Lab({ splices: () => true, brokers: [{ needs }] });
    await lab.httpsOrigin(NAME, echo);
    expect(await lab.curl(await lab.dialledName(NAME, 443), ['-i', `https://${NAME}/`])).toContain('200 OK');
    expect(lab.events).toMatchObject([{ action: 'HttpRequest', effect: 'allow' }]);
  });
});

describe('what is refused all the same', () => {
  it('is another name in the ClientHello, so also a real encrypted one behind another name', async () => {
    let reached = 0;
    await lab.upstream(
      net.createServer(() => reached++),
      NAME,
      443,
    );
    const answer = await lab.speak(await lab.dialledName(NAME, 443), ['GET / HTTP/1.1\r\n\r\n'], 'front.example.test');
    expect(statuses(answer)).toEqual([421]);
    expect(answer).toContain('X-Leash-Policy: none; reason=');
    expect(reached).toBe(0);
    expect(lab.events).toMatchObject([{ effect: 'deny', detail: { status: 421 } }]);
  });

  it('is a name that leads to a private address: said over TLS, with the certificate of the session', async () => {
    await lab.close();
    lab = new Lab({ splices: () => true, lookup: async () => [{ address: '10.0.0.1', family: 4 }] });
    const answer = await lab.speak(await lab.dialledName(NAME, 443), ['GET / HTTP/1.1\r\n\r\n'], NAME);
    expect(statuses(answer)).toEqual([403]);
    expect(answer).toContain(`${NAME} is 10.0.0.1, which is private`);
    expect(lab.events).toMatchObject([{ effect: 'deny', policies: [], detail: { status: 403 } }]);
  });

  it('is an upstream that does not answer: no certificate but its own is shown', async () => {
    lab.overrides.set(`${NAME}:443`, { address: '127.0.0.1', port: 1 });
    const socket = await connect();
    await closed(socket);
    expect(socket.getProtocol()).toBe(null);
    expect(await lab.event(() => true)).toMatchObject({ effect: 'allow', error: 'ECONNREFUSED' });
  });
});

/** A key and a certificate that the lab's authority issued to the client. */
function clientContext(): tls.SecureContext {
  return lab.originCa.contextFor('client.example.test');
}
