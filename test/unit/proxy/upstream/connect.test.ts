// Several addresses of one name, some of them dead: whichever answers first is used, and nothing else stays open.
import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectTo, inTurns } from '../../../../src/proxy/upstream/connect.ts';

const at = (address: string) => ({ address, family: net.isIP(address) });

describe('inTurns', () => {
  it.each([
    [
      ['1.1.1.1', '1.1.1.2', '2::1', '2::2'],
      ['1.1.1.1', '2::1', '1.1.1.2', '2::2'],
    ],
    [
      ['2::1', '1.1.1.1', '1.1.1.2', '1.1.1.3'],
      ['2::1', '1.1.1.1', '1.1.1.2', '1.1.1.3'],
    ],
    [
      ['2::1', '2::2', '2::3', '1.1.1.1'],
      ['2::1', '1.1.1.1', '2::2', '2::3'],
    ],
    [['1.1.1.1'], ['1.1.1.1']],
    [[], []],
  ])('%j are tried as %j', (given, tried) => {
    expect(inTurns(given.map(at)).map(({ address }) => address)).toEqual(tried);
  });
});

/** Listens on 127.0.0.2 with a queue that is full: whoever connects hears nothing, as from a host that is gone. */
const SILENT = `
import socket, sys
server = socket.socket(); server.bind(("127.0.0.2", int(sys.argv[1]))); server.listen(0)
held = []
for _ in range(4):
    client = socket.socket(); client.setblocking(False); client.connect_ex(server.getsockname()); held.append(client)
print("ready", flush=True)
sys.stdin.read()
`;

describe('connectTo', () => {
  let server: net.Server;
  let port: number;
  let accepted: net.Socket[];
  let silent: ChildProcess | undefined;

  beforeEach(async () => {
    accepted = [];
    server = net.createServer((socket) => {
      socket.on('error', () => {});
      accepted.push(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as net.AddressInfo).port;
  });
  afterEach(async () => {
    silent?.kill();
    silent = undefined;
    for (const socket of accepted) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  async function silence(): Promise<void> {
    const child = spawn('python3', ['-c', SILENT, String(port)]);
    silent = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => reject(new Error('python3 ended')));
    });
  }

  it('goes on to the next address when one refuses', async () => {
    const socket = await connectTo([at('127.0.0.3'), at('::1'), at('127.0.0.1')], port, 'a.test:1', 10_000);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('goes on to the next address when one is silent, and lets go of that one', async () => {
    await silence();
    const socket = await connectTo([at('127.0.0.2'), at('127.0.0.1')], port, 'a.test:1', 10_000);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(accepted).toHaveLength(1);
    socket.destroy();
  });

  it('says that nothing listens when nobody does', async () => {
    await expect(connectTo([at('127.0.0.3'), at('127.0.0.4')], port, 'a.test:1', 10_000)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: 'a.test:1 refused the connection: nothing listens there',
    });
  });

  it('gives up in time when all are silent', async () => {
    await silence();
    await expect(connectTo([at('127.0.0.2')], port, 'a.test:1', 400)).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: 'a.test:1 did not answer in 400 ms',
    });
  });

  it('survives a reset that comes before anybody listens to the socket', async () => {
    server.on('connection', (socket) => setTimeout(() => socket.resetAndDestroy(), 50));
    const socket = await connectTo([at('127.0.0.1')], port, 'a.test:1', 10_000);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(socket.destroyed).toBe(true);
  });
});
