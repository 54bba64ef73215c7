// A new policy and the connections that are open under the old one: idle ones and upgraded ones are judged again like any other.
import type http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Request } from '../../src/schema/request.ts';
import { ALLOWED, DENIED, echo, Lab } from './proxy-lab.ts';

const NAME = 'api.example.test';
const HOST = `Host: ${NAME}\r\n`;
const UPGRADE = `GET /ws HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`;

let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(async () => await lab.close());

/** A client that has sent `head` and read `answer`. */
async function connected(head: string, answer: string): Promise<{ socket: net.Socket; closed: Promise<unknown> }> {
  const socket = net.connect({ host: '127.0.0.1', port: await lab.dialledName(NAME, 80) });
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(head);
  let text = '';
  await new Promise<void>((resolve) => {
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (text.includes(answer)) resolve();
    });
  });
  return { socket, closed };
}

function reload(denies: (request: Request) => boolean): void {
  lab.decide = (request) => (denies(request) ? DENIED : ALLOWED);
  lab.proxy.rejudge();
}

async function websocketOrigin(): Promise<void> {
  const server: http.Server = await lab.httpOrigin(NAME, echo);
  server.on('upgrade', (_request, socket: net.Socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nwelcome');
    socket.pipe(socket);
  });
}

it('an idle kept connection to a host that is no longer permitted is ended', async () => {
  await lab.httpOrigin(NAME, echo);
  const { closed } = await connected(`GET / HTTP/1.1\r\n${HOST}\r\n`, '"headers"');
  reload(({ action }) => action === 'NetConnect');
  await closed;
  expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({ action: 'NetConnect' });
});

it('an idle kept connection that is still permitted stays, and its next request meets the new policy', async () => {
  await lab.httpOrigin(NAME, echo);
  const { socket } = await connected(`GET / HTTP/1.1\r\n${HOST}\r\n`, '"headers"');
  reload((request) => request.action === 'HttpRequest' && request.path === '/next');
  const answered = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString('latin1'))));
  socket.write(`GET /next HTTP/1.1\r\n${HOST}\r\n`);
  expect(await answered).toMatch(/^HTTP\/1\.1 403 /);
  socket.destroy();
});

it.each([
  ['the connection', ({ action }: Request) => action === 'NetConnect'],
  ['the request that upgraded it', (request: Request) => request.action === 'HttpRequest' && request.path === '/ws'],
])('a WebSocket is ended when %s is no longer permitted', async (_what, denies) => {
  await websocketOrigin();
  const { closed } = await connected(UPGRADE, 'welcome');
  reload(denies);
  await closed;
  expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({ policies: ['no-secrets'] });
});

it('a WebSocket that is still permitted goes on', async () => {
  await websocketOrigin();
  const { socket } = await connected(UPGRADE, 'welcome');
  reload((request) => request.action === 'HttpRequest' && request.path === '/other');
  const echoed = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString('latin1'))));
  socket.write('still here');
  expect(await echoed).toBe('still here');
  socket.destroy();
});
