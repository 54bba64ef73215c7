import type net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { listenFor } from '../../../../src/session/ports/host-listener.ts';

const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const none = (): void => undefined;

async function listening(address = '127.0.0.1', hostPort?: number, port = 40_321): Promise<number> {
  const server = await listenFor({ address, hostPort, port }, none);
  servers.push(server);
  return (server.address() as net.AddressInfo).port;
}

test('the number of the port inside, or the next that is free', async () => {
  const first = await listening();
  expect(first).toBeGreaterThanOrEqual(40_321);
  expect(await listening()).toBeGreaterThan(first);
});

test('a port that was asked for and is taken is an error, and so is an address of another machine', async () => {
  const taken = await listening();
  await expect(listening('127.0.0.1', taken)).rejects.toMatchObject({
    code: 'LEASH_PORT_BUSY',
    message: `port 40321 cannot be published at 127.0.0.1:${taken}: another program listens there`,
  });
  await expect(listening('192.0.2.1')).rejects.toMatchObject({
    code: 'LEASH_PORT_BUSY',
    message: expect.stringContaining('this machine does not have the address'),
  });
});
