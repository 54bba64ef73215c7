import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { receiveHandle, socketOf } from '../../../src/engine/handles.ts';

function takers() {
  const seen: unknown[][] = [];
  const note =
    (what: string) =>
    (...args: unknown[]): void =>
      void seen.push([what, ...args.slice(0, 2).filter((arg) => arg !== undefined && typeof arg !== 'object')]);
  return { seen, listener: note('listener'), stream: note('stream'), serverEnd: note('serverEnd') };
}

test.each([
  [{ listener: 'tcp4' }, [['listener', 'tcp4']]],
  [{ listener: 'out:3' }, [['stream', 'out:3']]],
  [{ listener: 'from-client:7' }, [['serverEnd', 7, 'from-client']]],
  [{ listener: 'to-server:12' }, [['serverEnd', 12, 'to-server']]],
  [{ dialled: 4 }, []],
])('%j goes to its taker', (message, expected) => {
  const all = takers();
  receiveHandle(message, undefined, all);
  expect(all.seen).toEqual(expected);
});

test('a socket of a handle reads nothing before somebody wants it, and ends nothing by itself', async () => {
  const accepted: Socket[] = [];
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (peer) => {
    const handle = (peer as unknown as { _handle: unknown })._handle;
    accepted.push(socketOf(handle, { readable: true }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.end('hello');
  await expect.poll(() => accepted).toHaveLength(1);
  const [socket] = accepted as [Socket];
  expect([socket.readableFlowing, socket.readableLength, socket.writable]).toEqual([false, 0, false]);
  socket.resume();
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  expect(bytes.toString()).toBe('hello');
  socket.destroy();
  client.destroy();
  server.close();
});
