import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openGateStream } from '../../../../src/api/manager/gate-stream.ts';
import type { RecordedManager } from '../../../../src/sandbox/container/recorded-manager.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leash-stream-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An engine whose client is this script. */
function manager(script: string): RecordedManager {
  const program = path.join(root, 'engine');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  const env = { PATH: process.env['PATH'], MARK: 'given' };
  return { name: 'leash-1-0badcafe', engine: 'docker', program, options: [], env, owner: undefined };
}

test('bytes go both ways after the word, in one stream that ends with either side; the client stands at the root', async () => {
  const stream = await openGateStream(manager('printf "connected\\nfirst $MARK $PWD\\n"; cat; echo last'));
  const heard: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => heard.push(chunk));
  const closed = new Promise((resolve) => stream.once('close', resolve));
  const big = 'x'.repeat(300_000);
  stream.write(big);
  stream.end('\x10\x11');
  await closed;
  expect(Buffer.concat(heard).toString()).toBe(`first given /\n${big}\x10\x11last\n`);
});

test('who leaves ends the client', async () => {
  const stream = await openGateStream(manager(`echo connected; cat; echo > ${root}/left`));
  stream.on('error', () => undefined);
  stream.destroy();
  await expect.poll(() => existsSync(path.join(root, 'left'))).toBe(true);
});

test.each([
  ['the socket is not there', 'echo ENOENT', { code: 'ENOENT' }],
  ['the engine says why', 'echo "no such container\nmore" >&2; exit 1', { message: 'no such container' }],
  ['the engine says nothing', 'exit 1', { message: 'docker ended' }],
  ['something else answers', 'head -c 100000 /dev/zero; sleep 60', { message: '' }],
])('it fails where %s', async (_what, script, error) => {
  await expect(openGateStream(manager(script))).rejects.toMatchObject(error);
});

test('it fails where there is no client', async () => {
  const gone = { ...manager(''), program: path.join(root, 'absent') };
  await expect(openGateStream(gone)).rejects.toMatchObject({ code: 'ENOENT' });
});
