// HTTP and HTTPS through the proxy over real sockets: framing, keep-alive, streaming, upgrades, and verdicts per request.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALLOWED, DENIED, echo, Lab, statuses } from './proxy-lab.ts';

const NAME = 'api.example.test';
let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(async () => await lab.close());

describe('HTTPS with curl', () => {
  it('serves a request with a certificate of the session and records it once', async () => {
    await lab.httpsOrigin(NAME, echo);
    const port = await lab.dialledName(NAME, 443);
    const answer = await lab.curl(port, ['-i', `https://${NAME}/v1/items?token=secret`]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer.toLowerCase()).not.toContain('alt-svc');
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      url: '/v1/items?token=secret',
      headers: { host: NAME },
    });
    const event = await lab.event(({ action }) => action === 'HttpRequest');
    expect(event).toMatchObject({
      resource: { type: 'host', name: NAME },
      detail: { method: 'GET', path: '/v1/items', status: 200, port: 443, scheme: 'https', bytes_out: 0 },
      effect: 'allow',
      policies: ['allow-all'],
      who: { exe: '/usr/bin/curl' },
    });
    expect(JSON.stringify(lab.events)).not.toContain('secret');
    expect(lab.events).toHaveLength(1);
  });

  it('keeps both sides alive: many requests, one connection upstream', async () => {
    const origin = await lab.httpsOrigin(NAME, echo);
    let connections = 0;
    origin.on('secureConnection', () => connections++);
    const port = await lab.dialledName(NAME, 443);
    const urls = Array.from({ length: 8 }, (_, i) => `https://${NAME}/${i}`);
    await lab.curl(port, [...urls, '-w', '%{num_connects}\n']);
    await lab.curl(port, urls);
    expect(connections).toBe(1);
    expect(lab.events).toHaveLength(16);
  });

  it('carries 20 MB up and down unharmed', async () => {
    const body = Buffer.alloc(20 << 20, 'leash-');
    await lab.httpsOrigin(NAME, (request, response) => {
      if (request.method === 'GET') response.end(body);
      else echo(request, response);
    });
    const port = await lab.dialledName(NAME, 443);
    const down = await lab.curl(port, [`https://${NAME}/big`]);
    expect(Buffer.from(down, 'latin1').equals(body)).toBe(true);
    const file = `${lab.directory}/body`;
    writeFileSync(file, body);
    const hash = createHash('sha256').update(body).digest('hex');
    const sized = JSON.parse(await lab.curl(port, ['--data-binary', `@${file}`, `https://${NAME}/up`])) as object;
    expect(sized).toMatchObject({ size: body.length, hash });
    const chunked = JSON.parse(
      await lab.curl(port, ['-H', 'Transfer-Encoding: chunked', '-T', file, `https://${NAME}/up`]),
    ) as object;
    expect(chunked).toMatchObject({ size: body.length, hash });
    await lab.event(({ detail }) => detail?.['method'] === 'PUT');
    expect(lab.events.map(({ detail }) => [detail?.['bytes_in'], detail?.['bytes_out']])).toMatchObject([
      [body.length, 0],
      [expect.any(Number), body.length],
      [expect.any(Number), expect.any(Number)],
    ]);
  });

  it('answers a refused request with 403 and keeps the connection', async () => {
    lab.decide = (request) =>
      request.action === 'HttpRequest' && request.path.startsWith('/admin') ? DENIED : ALLOWED;
    await lab.httpsOrigin(NAME, echo);
    const port = await lab.dialledName(NAME, 443);
    const answer = await lab.curl(port, [
      '-i',
      '-d',
      'x=1',
      `https://${NAME}/admin?key=secret`,
      `https://${NAME}/ok`,
      '-w',
      'connects %{num_connects}\n',
    ]);
    expect(answer).toContain('HTTP/1.1 403 Forbidden');
    expect(answer).toMatch(/x-leash-policy: no-secrets; reason="not for agents"/i);
    expect(answer).toContain(`leash: POST https://${NAME}:443/admin is not permitted: not for agents`);
    expect(answer).toContain('HTTP/1.1 200 OK');
    expect(answer.match(/connects (\d)/g)).toEqual(['connects 1', 'connects 0']);
    expect(lab.events[0]).toMatchObject({
      effect: 'deny',
      enforced: true,
      policies: ['no-secrets'],
      detail: { status: 403, path: '/admin' },
    });
    const json = await lab.curl(port, ['-H', 'Accept: application/json', `https://${NAME}/admin`]);
    expect(JSON.parse(json)).toMatchObject({ status: 403, policies: ['no-secrets'], reason: 'not for agents' });
  });

  it('lets a refused request pass when the mode does not enforce, and records the deny', async () => {
    lab.decide = () => ({ ...DENIED, enforced: false });
    await lab.httpsOrigin(NAME, echo);
    const answer = await lab.curl(await lab.dialledName(NAME, 443), ['-i', `https://${NAME}/`]);
    expect(answer).toContain('HTTP/1.1 200 OK');
    expect((await lab.event(({ action }) => action === 'HttpRequest')).enforced).toBe(false);
  });
});

const HOST = `Host: ${NAME}\r\n`;

describe('framing of plain HTTP', () => {
  const handler: http.RequestListener = (request, response) => {
    if (request.url === '/chunked') {
      response.write('one');
      response.end('two');
    } else if (request.url === '/304') response.writeHead(304, { 'Content-Length': '99' }).end();
    else if (request.url === '/204') response.writeHead(204).end();
    else if (request.url === '/early') {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end('late');
    } else echo(request, response);
  };
  const cases: readonly [string, readonly string[], readonly number[]][] = [
    [
      'pipelined requests in order',
      [
        `GET /1 HTTP/1.1\r\n${HOST}\r\nGET /2 HTTP/1.1\r\n${HOST}\r\nGET /3 HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
      ],
      [200, 200, 200],
    ],
    ['a head in single bytes', [...`GET /a HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`], [200]],
    [
      'HEAD, then another',
      [`HEAD / HTTP/1.1\r\n${HOST}\r\nGET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
      [200, 200],
    ],
    [
      '204 and 304, then another',
      [
        `GET /204 HTTP/1.1\r\n${HOST}\r\nGET /304 HTTP/1.1\r\n${HOST}\r\nGET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
      ],
      [204, 304, 200],
    ],
    [
      'a chunked response, then another',
      [`GET /chunked HTTP/1.1\r\n${HOST}\r\nGET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
      [200, 200],
    ],
    ['an interim response', [`GET /early HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`], [103, 200]],
    [
      'Expect: 100-continue',
      [`POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`, 'hello'],
      [100, 200],
    ],
    ['HTTP/1.0', [`GET /chunked HTTP/1.0\r\n${HOST}\r\n`], [200]],
    [
      'the absolute form of the same host',
      [`GET http://${NAME}/x HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
      [200],
    ],
    [
      'another spelling of the same host',
      [`GET / HTTP/1.1\r\nHost: API.Example.test.:80\r\nConnection: close\r\n\r\n`],
      [200],
    ],
  ];
  it.each(cases)('relays %s', async (_name, parts, expected) => {
    await lab.httpOrigin(NAME, handler);
    const answer = await lab.speak(await lab.dialledName(NAME, 80), parts);
    expect(statuses(answer)).toEqual(expected);
    if (parts[0]?.includes('HTTP/1.0')) expect(answer).toMatch(/\r\n\r\nonetwo$/);
  });

  it('passes chunks and trailers untouched and sends one spelling of Host', async () => {
    await lab.httpOrigin(NAME, handler);
    const answer = await lab.speak(await lab.dialledName(NAME, 80), [
      `POST /t HTTP/1.1\r\nHost: API.example.TEST.\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\nConnection: close\r\n\r\n5;ext=1\r\nhe`,
      'llo\r\n0\r\nx-sum: 42\r\n\r\n',
    ]);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      size: 5,
      trailers: { 'x-sum': '42' },
      headers: { host: NAME },
    });
  });

  it('delivers server-sent events as they come', async () => {
    let send: (text: string) => void = () => {};
    await lab.httpOrigin(NAME, (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      send = (text) => response.write(text);
      send('data: 1\n\n');
    });
    const client = net.connect({ host: '127.0.0.1', port: await lab.dialledName(NAME, 80) });
    client.write(`GET /events HTTP/1.1\r\n${HOST}\r\n`);
    let text = '';
    for (let n = 1; n <= 3; n++) {
      while (!text.includes(`data: ${n}`)) text += ((await once(client, 'data')) as [Buffer])[0].toString('latin1');
      // The next event leaves the server only after this one arrived: nothing waits for more.
      expect(text).not.toContain(`data: ${n + 1}`);
      send(`data: ${n + 1}\n\n`);
    }
    client.destroy();
    expect(await lab.event(({ action }) => action === 'HttpRequest')).toMatchObject({ error: 'ECONNABORTED' });
  });

  it('holds a fast server back while the client does not read', async () => {
    const total = 64 << 20;
    let written = 0;
    await lab.httpOrigin(NAME, (_request, response) => {
      response.writeHead(200, { 'Content-Length': total });
      const chunk = Buffer.alloc(65_536);
      const more = (): void => {
        while (written < total) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const client = net.connect({ host: '127.0.0.1', port: await lab.dialledName(NAME, 80) });
    client.pause();
    client.write(`GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`);
    for (let before = -1; before !== written || written === 0; await new Promise((resolve) => setTimeout(resolve, 200)))
      before = written;
    expect(written).toBeLessThan(total / 2);
    let received = 0;
    client.on('data', (bytes: Buffer) => {
      received += bytes.length;
    });
    client.resume();
    await once(client, 'close');
    expect(received).toBeGreaterThan(total);
  });
});
