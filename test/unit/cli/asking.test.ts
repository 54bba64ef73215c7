import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { asking } from '../../../src/cli/asking.ts';

const server = createServer();
afterEach(() => void server.close());

test('a quiet session tells the webhook all the same', async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const asked = new Promise<IncomingMessage>((resolve) => {
    server.once('request', (request, response) => {
      response.end();
      resolve(request);
    });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const it = asking({ timeout: 5_000, isQuiet: true, webhook: { url, secret: Buffer.alloc(32) } });
  expect(it.timeout).toBe(5_000);
  it.tell(
    {
      id: 'k3f9qa',
      opened: Date.now(),
      expires: Date.now() + 5_000,
      actions: ['FileWrite'],
      resource: { type: 'path', path: '/w/x' },
      particulars: {},
      text: 'May it?',
      policies: [],
      waiting: 1,
    },
    'session',
  );
  expect((await asked).headers['webhook-id']).toBe('session-k3f9qa');
});
