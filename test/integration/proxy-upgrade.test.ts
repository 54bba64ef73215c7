// Protocol upgrades through the proxy over real sockets: WebSocket is tunnelled, h2c is not.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type http from 'node:http';
import type net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { echo, Lab } from './proxy-lab.ts';

const NAME = 'api.example.test';
const HOST = `Host: ${NAME}\r\n`;
let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(async () => await lab.close());

describe('upgrade', () => {
  function websocketOrigin(server: http.Server): void {
    server.on('upgrade', (request: http.IncomingMessage, socket: net.Socket, early: Buffer) => {
      const accept = createHash('sha1')
        .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      socket.write(early);
      socket.pipe(socket);
    });
  }

  it('tunnels a WebSocket over TLS both ways after 101', async () => {
    websocketOrigin(await lab.httpsOrigin(NAME, echo));
    const port = await lab.dialledName(NAME, 443);
    const client = tls.connect({ host: '127.0.0.1', port, servername: NAME, ca: lab.sessionCa.certificatePem });
    client.write(
      `GET /ws HTTP/1.1\r\n${HOST}Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    let head = '';
    while (!head.includes('\r\n\r\n')) head += ((await once(client, 'data')) as [Buffer])[0].toString('latin1');
    expect(head).toContain('101 Switching Protocols');
    expect(head).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    const sent = Buffer.alloc(3 << 20, 'frame');
    const received: Buffer[] = [];
    let size = 0;
    client.on('data', (bytes: Buffer) => {
      received.push(bytes);
      size += bytes.length;
      if (size === sent.length) client.end();
    });
    client.write(sent);
    await once(client, 'close');
    expect(Buffer.concat(received).equals(sent)).toBe(true);
    expect(await lab.event(({ action }) => action === 'HttpRequest')).toMatchObject({
      detail: { status: 101, bytes_in: sent.length, bytes_out: sent.length },
    });
  });

  it('never forwards h2c', async () => {
    await lab.httpOrigin(NAME, echo);
    const answer = await lab.speak(await lab.dialledName(NAME, 80), [
      `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n`,
    ]);
    const seen = JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as { headers: object };
    expect(Object.keys(seen.headers)).toEqual(expect.not.arrayContaining(['upgrade', 'http2-settings']));
  });
});
