import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeText, readStream, readText } from '../../../../src/policy/text/read-text.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'leash-text-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);
const refused = (why: RegExp): unknown =>
  expect.objectContaining({ code: 'LEASH_POLICY_READ', message: expect.stringMatching(why) });

test('a file of exactly the limit is read, through a link, too; procfs has files without a size', () => {
  writeFileSync(at('a'), 'äbc');
  symlinkSync('a', at('link'));
  expect(readText(at('link'), 4)).toBe('äbc');
  expect(readText('/proc/self/comm', 64)).toMatch(/\n$/);
});

test.each([
  ['absent', /there is no such file/],
  ['.', /it is a directory/],
  ['fifo', /it is a FIFO, not a regular file; use - for standard input/],
  ['large', /it holds more than 4 bytes/],
  ['a/b', /a part of the path is not a directory/],
])('%s is refused at once', (name, why) => {
  spawnSync('mkfifo', [at('fifo')]);
  writeFileSync(at('large'), '12345');
  writeFileSync(at('a'), '');
  expect(() => readText(at(name), 4)).toThrow(refused(why));
});

test('a device and a socket are refused', async () => {
  expect(() => readText('/dev/zero', 4)).toThrow(refused(/it is a device or socket/));
  expect(() => readText('/proc/self/maps', 4)).toThrow(refused(/it holds more than 4 bytes/));
  const server = net.createServer().listen(at('socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  expect(() => readText(at('socket'), 4)).toThrow(refused(/it is a socket/));
  server.close();
});

test('what may not be read is said so', ({ skip }) => {
  skip(process.getuid?.() === 0, 'root may read everything');
  writeFileSync(at('a'), '');
  chmodSync(at('a'), 0);
  expect(() => readText(at('a'), 4)).toThrow(refused(/permission denied/));
});

test.each([
  [[0xff], '1:1'],
  [[...Buffer.from('é\n🙂x'), 0xc3, 0x28], '2:3'],
  [[...Buffer.from('a\n\ufffd'), 0xed, 0xa0, 0x80], '2:2'],
  [[...Buffer.from('ab'), 0xe2, 0x82], '1:3'],
])('the first byte that is not UTF-8 in %j is at %s', (bytes, place) => {
  expect(() => decodeText('p', Uint8Array.from(bytes))).toThrow(
    refused(new RegExp(`it is not UTF-8 text \\(p:${place}\\)`)),
  );
});

test('a byte order mark is no text', () => {
  expect(decodeText('p', Buffer.from('\ufeffpermit'))).toBe('permit');
});

test('a stream is read to its end, or to its limit and no further', async () => {
  let pulled = 0;
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (; pulled < 100; pulled++) yield Buffer.from('ab');
  }
  await expect(readStream('in', stream(), 5)).rejects.toThrow(refused(/cannot read in: it holds more than 5 bytes/));
  expect(pulled).toBe(2);
  pulled = 98;
  expect(await readStream('in', stream(), 5)).toBe('abab');
});
