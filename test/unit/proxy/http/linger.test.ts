import { once } from 'node:events';
import net from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { endAndLinger } from '../../../../src/proxy/http/linger.ts';

const opened: { destroy(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.destroy();
});

/** A client, and the server's end of its connection. */
async function pair(): Promise<{ client: net.Socket; served: net.Socket }> {
  const server = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [served] = (await once(server, 'connection')) as [net.Socket];
  server.close();
  opened.push(client, served);
  return { client, served };
}

it('a client that is still sending when the answer is given reads it', async () => {
  const { client, served } = await pair();
  let answer = '';
  client.on('data', (bytes) => {
    answer += bytes.toString();
  });
  endAndLinger(served, Buffer.from('no'));
  // Longer than the quiet that ends the connection.
  for (let n = 0; n < 25; n++) {
    client.write('x'.repeat(65_536));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(served.destroyed).toBe(false);
  client.end();
  await once(served, 'close');
  expect(answer).toBe('no');
});

it('a client that says nothing more, and does not close, is closed', async () => {
  const { client, served } = await pair();
  client.resume();
  endAndLinger(served, Buffer.from('no'));
  await once(served, 'close');
  expect(served.destroyed).toBe(true);
});
