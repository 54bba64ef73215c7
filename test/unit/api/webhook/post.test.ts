import http from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { poster } from '../../../../src/api/webhook/post.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

async function listening(made: Server): Promise<string> {
  server = made;
  await new Promise<void>((resolve) => void made.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(made.address() as AddressInfo).port}/`;
}

test('what is sent arrives once, and the status comes back; a body of any length is left unread', async () => {
  const got: [string, unknown][] = [];
  const url = await listening(
    http.createServer((request, response) => {
      request.on('data', (chunk: Buffer) => got.push([chunk.toString(), request.headers['content-type']]));
      request.on('end', () => {
        response.writeHead(202, { 'content-length': 1 << 30 });
        response.write('x'.repeat(1 << 20));
      });
    }),
  );
  expect(await poster()(url, {}, '{"a":1}')).toBe(202);
  expect(got).toEqual([['{"a":1}', 'application/json']]);
});

test.each([
  ['nothing', '', 'ETIMEDOUT'],
  ['interim answers only', 'HTTP/1.1 100 Continue\r\n\r\n', 'ETIMEDOUT'],
  ['headers without end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(9_000)}`, 'HPE_HEADER_OVERFLOW'],
  ['no HTTP', 'hello\r\n\r\n', 'HPE_INVALID_CONSTANT'],
])('who says %s is left', async (_what, said, outcome) => {
  const url = await listening(
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(said);
    }),
  );
  expect(await poster(200)(url, {}, '{}')).toBe(outcome);
});

test('a port where nobody listens', async () => {
  const url = await listening(createServer());
  await new Promise((resolve) => server?.close(resolve));
  expect(await poster()(url, {}, '{}')).toBe('ECONNREFUSED');
});
