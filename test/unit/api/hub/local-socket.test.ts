import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenOnSocket } from '../../../../src/api/hub/local-socket.ts';

let dir: string;
const servers: http.Server[] = [];
beforeEach(() => {
  // Longer than a socket address.
  dir = path.join(mkdtempSync(path.join(tmpdir(), 'leash-hub-')), 'x'.repeat(120));
  mkdirSync(dir, { mode: 0o700 });
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  rmSync(path.dirname(dir), { recursive: true });
});

function server(name: string): http.Server {
  const made = http.createServer((_request, response) => response.end(name));
  servers.push(made);
  return made;
}

/** What who serves there says. */
function heard(): Promise<string> {
  const cwd = process.cwd();
  process.chdir(dir);
  return new Promise<string>((resolve, reject) => {
    http
      .get({ socketPath: 'hub.sock', path: '/', agent: false }, (response) => {
        response.on('data', (chunk: Buffer) => resolve(chunk.toString()));
      })
      .on('error', reject);
    process.chdir(cwd);
  });
}

test('a socket of the user alone, in a folder however deep', async () => {
  const socket = await listenOnSocket(server('one'), dir);
  expect(statSync(path.join(dir, 'hub.sock')).mode & 0o777).toBe(0o600);
  expect(await heard()).toBe('one');
  socket?.close();
});

test('another hub is left its socket; what a dead one left is replaced', async () => {
  const first = server('first');
  const socket = await listenOnSocket(first, dir);
  expect(await listenOnSocket(server('second'), dir)).toBeUndefined();
  expect(await heard()).toBe('first');
  await new Promise((resolve) => first.close(resolve));
  socket?.close();
  expect(existsSync(path.join(dir, 'hub.sock'))).toBe(false);

  // Nobody accepts there any more.
  writeFileSync(path.join(dir, 'hub.sock'), '');
  const third = await listenOnSocket(server('third'), dir);
  expect(await heard()).toBe('third');
  third?.close();
});

test('a folder that others may enter is no place for it', async () => {
  chmodSync(dir, 0o711);
  await expect(listenOnSocket(net.createServer(), dir)).rejects.toThrow('open to others');
  expect(existsSync(path.join(dir, 'hub.sock'))).toBe(false);
});
