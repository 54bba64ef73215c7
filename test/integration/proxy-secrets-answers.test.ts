// Servers that send a credential back, in any spelling and any part of an answer: the agent gets its placeholder.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Lab } from './proxy-lab.ts';
import { auth, binding, PLACEHOLDER, Site, VALUE } from './proxy-secrets-lab.ts';

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
});

function opened(...given: ConstructorParameters<typeof Site>): Site {
  const site = new Site(...given);
  lab = site.lab;
  return site;
}

describe('what comes back', () => {
  const spellings: [string, string][] = [
    ['raw', VALUE],
    ['base64', Buffer.from(VALUE).toString('base64')],
    ['base64, one byte on', Buffer.from(`:${VALUE}`).toString('base64')],
    ['base64, two bytes on', Buffer.from(`a:${VALUE}`).toString('base64')],
    ['base64url', Buffer.from(`x:${VALUE}zz`).toString('base64url')],
    ['percent', encodeURIComponent(VALUE)],
    ['percent, lower case', encodeURIComponent(VALUE).replace(/%../g, (code) => code.toLowerCase())],
    ['JSON', JSON.stringify({ key: VALUE })],
    ['hex', Buffer.from(VALUE).toString('hex')],
    ['HEX', Buffer.from(VALUE).toString('hex').toUpperCase()],
  ];

  /** Nothing of the value but its ends, where base64 mixes them with what stands beside them. */
  function expectClean(answer: string, spelling: string): void {
    expect(answer).not.toContain(spelling);
    for (const middle of [VALUE, encodeURIComponent(VALUE)].map((text) => text.slice(3, -3)))
      expect(answer).not.toContain(middle);
  }

  it.each(spellings)('a body in two parts, cut anywhere: %s', async (_name, spelling) => {
    const site = opened([binding()]);
    const port = await site.https('api.test', (request, response) => {
      const cut = Number(request.url?.slice(1));
      response.write(`before ${spelling.slice(0, cut)}`);
      setImmediate(() => response.end(`${spelling.slice(cut)} after`));
    });
    const cuts = Array.from({ length: spelling.length + 1 }, (_, at) => at).filter((at) => at % 7 === 0 || at < 3);
    const urls = cuts.map((at) => `https://api.test/${at}`);
    const answer = await site.lab.curl(port, [...auth(PLACEHOLDER), ...urls]);
    expect(answer.match(/before /g)).toHaveLength(cuts.length);
    expect(answer.match(/ after/g)).toHaveLength(cuts.length);
    expectClean(answer, spelling);
  });

  it('headers, error pages, redirects, reason phrases, interim answers, trailers and chunk extensions', async () => {
    const site = opened([binding()]);
    const { createServer } = await import('node:tls');
    const server = createServer(
      { SNICallback: (_name, done) => done(null, site.lab.originCa.contextFor('api.test')) },
      (socket) => {
        socket.once('data', () =>
          socket.end(
            [
              'HTTP/1.1 103 Early Hints',
              `Link: <https://x/${VALUE}>; rel=preload`,
              '',
              `HTTP/1.1 500 ${VALUE}`,
              `X-Echo: Bearer ${VALUE}`,
              `Location: https://api.test/?key=${encodeURIComponent(VALUE)}`,
              `Set-Cookie: s=${Buffer.from(VALUE).toString('base64')}`,
              'Transfer-Encoding: chunked',
              'Connection: close',
              'Trailer: X-End',
              '',
              `5;${VALUE.replaceAll('"', '')}`,
              'hello',
              '0',
              `X-End: ${VALUE}`,
              '',
              '',
            ].join('\r\n'),
          ),
        );
      },
    );
    await site.lab.upstream(server, 'api.test', 443);
    const port = await site.lab.dialledName('api.test', 443);
    const answer = await site.lab.curl(port, ['-i', ...auth(`Bearer ${PLACEHOLDER}`), 'https://api.test/']);
    // Not empty: botocore takes no `100` without a phrase.
    expect(answer).toContain('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 500 Internal Server Error\r\n');
    expect(answer).toContain(`X-Echo: Bearer ${PLACEHOLDER}`);
    expect(answer).toContain('hello');
    expectClean(answer, VALUE);
    expectClean(answer, Buffer.from(VALUE).toString('base64'));
  });

  it('the answer to a later request, without credentials of its own', async () => {
    const site = opened([binding()]);
    const port = await site.https('api.test', (_request, response) => response.end(`key: ${VALUE}`));
    await site.lab.curl(port, [...auth(PLACEHOLDER), 'https://api.test/']);
    expect(await site.lab.curl(port, ['https://api.test/later'])).toBe(`key: ${PLACEHOLDER}`);
  });

  it('compressed answers: not asked for, searched all the same, refused when they cannot be', async () => {
    const site = opened([binding()]);
    const bomb = gzipSync(Buffer.alloc(80 << 20));
    const port = await site.https('api.test', ({ url, headers }, response) => {
      if (url === '/asked') return void response.end(headers['accept-encoding']);
      const coding = url === '/zstd' ? 'zstd' : 'gzip';
      response.writeHead(200, { 'content-encoding': coding });
      response.end(
        url === '/bomb' ? bomb : url === '/torn' ? gzipSync(VALUE).subarray(0, 20) : gzipSync(`key: ${VALUE}`),
      );
    });
    const ask = (path: string): Promise<string> =>
      site.lab
        .curl(port, ['--compressed', ...auth(PLACEHOLDER), `https://api.test${path}`])
        .catch((error: Error) => error.message);
    expect(await ask('/asked')).toBe('identity');
    expect(await ask('/gzip')).toBe(`key: ${PLACEHOLDER}`);
    expect(await ask('/zstd')).toContain('cannot be searched');
    for (const path of ['/bomb', '/torn']) expect(await ask(path)).toMatch(/curl: \(\d+\)/);
    expect(await ask('/gzip')).toBe(`key: ${PLACEHOLDER}`);
  });

  it('an event stream is not held up', async () => {
    const site = opened([binding()]);
    const events = ['data: one\n\n', `data: ${VALUE.slice(0, 5)}\n\n`, 'data: three\n\n'];
    let next: (() => void) | undefined;
    const port = await site.https('api.test', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const pending = [...events];
      next = () => (pending.length === 0 ? response.end() : response.write(pending.shift()));
      next();
    });
    // Each event is sent when the one before it has arrived: were one held back, this would never end.
    const { connect } = await import('node:tls');
    const socket = connect({ port, host: '127.0.0.1', servername: 'api.test', ca: site.lab.sessionCa.certificatePem });
    socket.write(`GET / HTTP/1.1\r\nHost: api.test\r\nAuthorization: ${PLACEHOLDER}\r\nConnection: close\r\n\r\n`);
    let answer = '';
    let seen = 0;
    for await (const part of socket) {
      answer += String(part);
      while (seen < events.length && answer.includes(events[seen] ?? '')) {
        seen++;
        next?.();
      }
    }
    expect(seen).toBe(events.length);
  });

  it('WebSocket messages, in frames of the same length; compression is not offered', async () => {
    const site = opened([binding()]);
    const server = tls.createServer({
      SNICallback: (_name, done) => done(null, site.lab.originCa.contextFor('api.test')),
    });
    let head = '';
    server.on('secureConnection', (socket) => {
      socket.once('data', (bytes) => {
        head = String(bytes);
        const key = /sec-websocket-key: (.*)\r\n/i.exec(head)?.[1] ?? '';
        const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
        const fields = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nX-Echo: ${VALUE}`;
        const text = Buffer.from(`your key is ${VALUE}, sk`);
        const frame = Buffer.concat([Buffer.from([0x81, text.length]), text]);
        socket.write(`HTTP/1.1 101 ${VALUE}\r\n${fields}\r\n\r\n`);
        socket.write(frame.subarray(0, 20));
        setTimeout(() => socket.end(Buffer.concat([frame.subarray(20), Buffer.from([0x88, 0])])), 20);
      });
    });
    await site.lab.upstream(server, 'api.test', 443);
    const port = await site.lab.dialledName('api.test', 443);
    const asks = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    ];
    const lines = [
      'GET / HTTP/1.1',
      'Host: api.test',
      `Authorization: ${PLACEHOLDER}`,
      'Sec-WebSocket-Extensions: permessage-deflate',
      ...asks,
    ];
    const answer = await site.lab.speak(port, [`${lines.join('\r\n')}\r\n\r\n`], 'api.test');
    expect(head).toContain(VALUE);
    expect(head.toLowerCase()).not.toContain('permessage-deflate');
    expect(answer).toContain(`your key is ${PLACEHOLDER}, sk`);
    expect(answer).toContain('HTTP/1.1 101 Switching Protocols');
    expectClean(answer, VALUE);
  });
});
