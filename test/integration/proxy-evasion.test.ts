// Ways around the policy, tried over real sockets: every one must end in a refusal that is recorded, and nothing may reach the origin.
import type http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALLOWED, DENIED, Lab, statuses } from './proxy-lab.ts';

const NAME = 'api.example.test';
const HOST = `Host: ${NAME}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const TAIL = `0\r\n\r\nGET /smuggled HTTP/1.1\r\n${HOST}\r\n`;

let lab: Lab;
let reached: string[];
const origin: http.RequestListener = (request, response) => {
  reached.push(`${request.method} ${request.url}`);
  request.resume();
  response.end('reached');
};
beforeEach(() => {
  lab = new Lab();
  reached = [];
});
afterEach(async () => await lab.close());

const REQUESTS: readonly [string, string, number][] = [
  ['a Host that is not the dialled name', `GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n`, 421],
  ['a Host with another port', `GET / HTTP/1.1\r\nHost: ${NAME}:8443\r\n\r\n`, 421],
  ['a Host with user information', `GET / HTTP/1.1\r\nHost: ${NAME}@evil.test\r\n\r\n`, 421],
  ['the absolute form of another host', `GET https://evil.test/ HTTP/1.1\r\n${HOST}\r\n`, 421],
  ['the absolute form with user information', `GET https://${NAME}@evil.test/ HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['the absolute form of another scheme', `GET http://${NAME}/ HTTP/1.1\r\n${HOST}\r\n`, 421],
  ['two Hosts', `GET / HTTP/1.1\r\n${HOST}Host: evil.test\r\n\r\n`, 400],
  ['two equal Hosts', `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`, 400],
  ['no Host', `GET / HTTP/1.1\r\n\r\n`, 400],
  ['an empty Host', `GET / HTTP/1.1\r\nHost:\r\n\r\n`, 421],
  ['CONNECT', `CONNECT evil.test:443 HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['length and chunks', `POST / HTTP/1.1\r\n${HOST}Content-Length: 4\r\n${CHUNKED}\r\n${TAIL}`, 400],
  ['two lengths', `POST / HTTP/1.1\r\n${HOST}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`, 400],
  ['a signed length', `POST / HTTP/1.1\r\n${HOST}Content-Length: +5\r\n\r\nhello`, 400],
  ['a list of lengths', `POST / HTTP/1.1\r\n${HOST}Content-Length: 5, 5\r\n\r\nhello`, 400],
  ['an unknown coding', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n${TAIL}`, 501],
  ['two codings', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, identity\r\n\r\n${TAIL}`, 501],
  ['a coding twice', `POST / HTTP/1.1\r\n${HOST}${CHUNKED}${CHUNKED}\r\n${TAIL}`, 400],
  ['a coding after a vertical tab', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: \x0bchunked\r\n\r\n${TAIL}`, 400],
  ['a coding after a no-break space', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: \xa0chunked\r\n\r\n${TAIL}`, 501],
  ['a space before the colon', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding : chunked\r\n\r\n${TAIL}`, 400],
  ['chunks in HTTP/1.0', `POST / HTTP/1.0\r\n${HOST}${CHUNKED}\r\n${TAIL}`, 400],
  ['a folded line', `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, 400],
  ['a bare LF as line end', `GET / HTTP/1.1\n${HOST}\r\n\r\n`, 400],
  ['a bare LF inside a value', `GET / HTTP/1.1\r\n${HOST}X: a\nTransfer-Encoding: chunked\r\n\r\n`, 400],
  ['a bare CR inside a value', `GET / HTTP/1.1\r\n${HOST}X: a\rHost: evil.test\r\n\r\n`, 400],
  ['NUL', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, 400],
  ['an empty line before the request', `\r\nGET / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['HTTP/2 without ALPN', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
  ['HTTP/0.9', 'GET /\r\n\r\n', 400],
  ['a path with dot segments', `GET /public/../admin HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['a path with encoded dot segments', `GET /public/%2E%2e/admin HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['a path with an encoded separator and dots', `GET /public/..%2fadmin HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['a path with backslashes and dots', `GET /public\\..\\admin HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['a head of 100 KB', `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
];

describe('requests inside TLS', () => {
  it.each(REQUESTS)('refuses %s', async (_name, bytes, status) => {
    await lab.httpsOrigin(NAME, origin);
    const answer = await lab.speak(await lab.dialledName(NAME, 443), [bytes], NAME);
    expect(statuses(answer)).toEqual([status]);
    expect(reached).toEqual([]);
    expect(lab.events).toMatchObject([{ action: 'HttpRequest', effect: 'deny', enforced: true, detail: { status } }]);
  });

  const BODIES: readonly [string, string][] = [
    ['a chunk ended by LF', `5\nhello\r\n${TAIL}`],
    ['a chunk longer than its size', `3\r\nhello\r\n${TAIL}`],
    ['a negative chunk', `-1\r\n\r\n${TAIL}`],
    ['a chunk size with a prefix', `0x5\r\nhello\r\n${TAIL}`],
    ['a chunk size with trailing space', `5 \r\nhello\r\n${TAIL}`],
    ['a bare LF in a chunk extension', `5;a\nb\r\nhello\r\n${TAIL}`],
    ['a malformed trailer', `0\r\nGET /smuggled HTTP/1.1\r\n\r\n`],
  ];
  it.each(BODIES)('ends the connection on %s', async (_name, body) => {
    await lab.httpsOrigin(NAME, origin);
    await lab.speak(await lab.dialledName(NAME, 443), [`POST / HTTP/1.1\r\n${HOST}${CHUNKED}\r\n${body}`], NAME);
    expect(reached).not.toContain('GET /smuggled');
    expect(await lab.event(({ action }) => action === 'HttpRequest')).toMatchObject({ error: 'EPROTO' });
  });
});

describe('connections', () => {
  it('refuses a server name that is not the dialled name', async () => {
    await lab.httpsOrigin(NAME, origin);
    const answer = await lab.speak(await lab.dialledName(NAME, 443), [`GET / HTTP/1.1\r\n${HOST}\r\n`], 'evil.test');
    expect(statuses(answer)).toEqual([421]);
    expect(lab.events).toMatchObject([
      { action: 'NetConnect', effect: 'deny', enforced: true, detail: { status: 421 }, resource: { name: NAME } },
    ]);
    expect(lab.events[0]?.reason).toContain('"evil.test"');
    expect(reached).toEqual([]);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback in another spelling', '::ffff:127.0.0.1'],
    ['loopback over IPv6', '::1'],
    ['the metadata service', '169.254.169.254'],
    ['a private address', '10.1.2.3'],
    ['a private address in NAT64', '64:ff9b::a01:203'],
    ['a synthetic address never given out', '198.18.77.7'],
    ['a synthetic IPv6 address never given out', 'fd6c:6561:7368::9999'],
    ['the reserved part of the pool', '198.18.0.1'],
  ])('refuses %s', async (_name, address) => {
    const answer = await lab.speak(await lab.dialled({ address, port: 80 }), [`GET / HTTP/1.1\r\nHost: x\r\n\r\n`]);
    expect(statuses(answer)).toEqual([403]);
    expect(lab.events).toMatchObject([{ action: 'NetConnect', effect: 'deny', enforced: true, policies: [] }]);
  });

  it('refuses a connection nobody owns', async () => {
    await lab.close();
    lab = new Lab({ who: async () => undefined });
    await lab.httpOrigin(NAME, origin);
    expect(await lab.speak(await lab.dialledName(NAME, 80), [`GET / HTTP/1.1\r\n${HOST}\r\n`])).toBe('');
    expect(lab.events).toMatchObject([{ effect: 'deny', reason: 'no process is known to own this connection' }]);
    expect(lab.events[0]?.who).toBeUndefined();
  });

  it('refuses what the policy no longer permits when the connection arrives', async () => {
    lab.decide = (request) => (request.action === 'NetConnect' ? DENIED : ALLOWED);
    await lab.httpOrigin(NAME, origin);
    const answer = await lab.speak(await lab.dialledName(NAME, 80), [`GET / HTTP/1.1\r\n${HOST}\r\n`]);
    expect(statuses(answer)).toEqual([403]);
    expect(answer).toContain('X-Leash-Policy: no-secrets; reason="not for agents"');
    expect(reached).toEqual([]);
    expect(lab.events).toMatchObject([{ action: 'NetConnect', effect: 'deny', policies: ['no-secrets'] }]);
  });

  it.each([
    [
      'one private address among public ones',
      [
        { address: '93.184.216.34', family: 4 },
        { address: '192.168.1.1', family: 4 },
      ],
    ],
    ['loopback', [{ address: '127.0.0.1', family: 4 }]],
    ['an IPv4-mapped metadata address', [{ address: '::ffff:169.254.169.254', family: 6 }]],
  ])('refuses a name that resolves to %s', async (_name, addresses) => {
    await lab.close();
    lab = new Lab({ lookup: async () => addresses });
    const answer = await lab.speak(await lab.dialledName('rebind.test', 80), [
      'GET / HTTP/1.1\r\nHost: rebind.test\r\nConnection: close\r\n\r\n',
    ]);
    expect(statuses(answer)).toEqual([403]);
    expect(lab.events).toMatchObject([
      { action: 'HttpRequest', effect: 'deny', enforced: true, policies: [], error: 'EACCES' },
    ]);
  });

  it('reads HTTP as HTTP on any port, however late it comes', async () => {
    lab.decide = (request) => (request.action === 'HttpRequest' ? DENIED : ALLOWED);
    await lab.httpOrigin(NAME, origin, 9000);
    const port = await lab.dialledName(NAME, 9000);
    const socket = net.connect({ host: '127.0.0.1', port });
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    await new Promise((resolve) => setTimeout(resolve, 600));
    socket.write(`GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`);
    await new Promise((resolve) => socket.on('close', resolve));
    expect(statuses(answer)).toEqual([403]);
    expect(reached).toEqual([]);
  });

  it.each([
    '\r\n\r\nGET / HTTP/1.1\r\n',
    ' get / HTTP/1.1\r\n',
    'GET\t/ HTTP/1.1\r\n',
    'GET /\r\n',
    'M-SEARCH * HTTP/1.1\r\n',
  ])('does not relay %j raw', async (start) => {
    await lab.httpOrigin(NAME, origin, 9000);
    const answer = await lab.speak(await lab.dialledName(NAME, 9000), [`${start}Connection: close\r\n\r\n`]);
    expect(statuses(answer)).toEqual([400]);
    expect(reached).toEqual([]);
  });
});

describe('upstream certificates', () => {
  it.each([
    ['another name', (): tls.SecureContext => lab.originCa.contextFor('other.test')],
    ['an authority nobody trusts', (): tls.SecureContext => lab.sessionCa.contextFor(NAME)],
  ])('refuses a certificate of %s, whatever the environment says', async (_name, context) => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await lab.upstream(tls.createServer({ SNICallback: (_host, done) => done(null, context()) }), NAME, 443);
      const answer = await lab.curl(await lab.dialledName(NAME, 443), ['-i', `https://${NAME}/`]);
      expect(answer).toContain('HTTP/1.1 502 Bad Gateway');
      expect(answer).toMatch(/certificate|altnames/i);
      expect(lab.events).toMatchObject([{ effect: 'allow', detail: { status: 502 }, error: expect.any(String) }]);
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });
});

describe('reload', () => {
  it('ends a stream inside TLS', async () => {
    await lab.httpsOrigin(NAME, (_request, response) => response.write('started'));
    const client = tls.connect({
      host: '127.0.0.1',
      port: await lab.dialledName(NAME, 443),
      servername: NAME,
      ca: lab.sessionCa.certificatePem,
    });
    client.on('error', () => {});
    const closed = new Promise((resolve) => client.on('close', resolve));
    client.write(`GET / HTTP/1.1\r\n${HOST}\r\n`);
    await new Promise((resolve) => client.on('data', (bytes) => bytes.includes('started') && resolve(undefined)));
    lab.decide = () => DENIED;
    lab.proxy.rejudge();
    await closed;
    expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({ action: 'NetConnect' });
    expect(await lab.event(({ action }) => action === 'HttpRequest')).toMatchObject({ error: 'ECONNABORTED' });
  });

  it('ends a stream that the new policy does not permit, and leaves the others', async () => {
    await lab.httpOrigin(NAME, (request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(`data: ${request.url}\n\n`);
    });
    const port = await lab.dialledName(NAME, 80);
    const open = async (path: string): Promise<net.Socket> => {
      const socket = net.connect({ host: '127.0.0.1', port });
      socket.on('error', () => {});
      socket.write(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`);
      await new Promise((resolve) =>
        socket.on('data', (bytes) => bytes.includes(`data: ${path}`) && resolve(undefined)),
      );
      return socket;
    };
    const [kept, ended] = [await open('/kept'), await open('/ended')];
    lab.decide = (request) => (request.action === 'HttpRequest' && request.path === '/ended' ? DENIED : ALLOWED);
    lab.proxy.rejudge();
    await new Promise((resolve) => ended.on('close', resolve));
    expect(kept.readyState).toBe('open');
    expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({ policies: ['no-secrets'] });
    kept.destroy();
  });
});
