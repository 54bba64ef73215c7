import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NativeUdp } from '../../../src/engine/warden.ts';
import { SyntheticNames } from '../../../src/proxy/names/synthetic-names.ts';
import { createSessionCa } from '../../../src/proxy/tls/session-ca.ts';
import { Network } from '../../../src/session/network.ts';

let network: Network;
const servers: net.Server[] = [];

beforeEach(() => {
  const ca = createSessionCa();
  network = new Network({
    names: new SyntheticNames(),
    ca: () => ca,
    decide: () => ({ effect: 'deny', enforced: true, policies: [], epoch: 1 }),
    mayConnect: () => false,
    emit: () => undefined,
    who: async () => undefined,
    asker: () => undefined,
    upstream: { resolveOverrides: new Map(), ca: [] },
  });
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
