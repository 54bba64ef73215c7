import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NativeUdp } from '../../../src/engine/handles.ts';
import { SyntheticNames } from '../../../src/proxy/names/synthetic-names.ts';
import type { ProxyOptions } from '../../../src/proxy/options.ts';
import { Proxy as SessionProxy } from '../../../src/proxy/proxy.ts';
import { createSessionCa } from '../../../src/proxy/tls/session-ca.ts';
import { Network } from '../../../src/session/network.ts';

let network: Network;
const servers: net.Server[] = [];

function options(): ProxyOptions {
  const ca = createSessionCa();
  return {
    names: new SyntheticNames(),
    ca: () => ca,
    decide: () => ({ effect: 'deny', enforced: true, policies: [], epoch: 1 }),
    mayConnect: () => false,
    emit: () => undefined,
    who: async () => undefined,
    upstream: { resolveOverrides: new Map(), ca: [] },
  };
}

beforeEach(() => {
  network = new Network(options());
});
afterEach(async () => {
  await network.close();
  for (const server of servers.splice(0)) server.close();
});

async function listening(): Promise<net.Server> {
  const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return server;
}

test('a listener that cannot be served is a failure, once all have come', async () => {
  const noSocket: NativeUdp = { fd: 1_000_000, close: () => undefined };
  const done = vi.fn();
  network.complete.then(done, done);
  network.serve('tcp4', await listening());
  network.serve('udp4', noSocket);
  network.serve('udp6', noSocket);
  // Settled promises are seen in a later turn; three of four listeners settle nothing.
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).not.toHaveBeenCalled();
  network.serve('tcp6', await listening());
  await expect(network.complete).rejects.toThrow();
});

test('a connection that nobody owns is ended', async () => {
  const server = await listening();
  network.serve('tcp4', server);
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  await new Promise((resolve) => socket.once('close', resolve));
  expect(socket.bytesRead).toBe(0);
});

test('a listener that comes when the session is over is closed', async () => {
  const proxy = new SessionProxy(options());
  await proxy.close();
  const server = await listening();
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const closed = once(socket, 'close');
  proxy.serveDns(socket);
  proxy.serve(server);
  await closed;
  expect(server.listening).toBe(false);
});
