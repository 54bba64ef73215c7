import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCache, writeCache } from '../../../src/policy/cache.ts';

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'leash-cache-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

test('gives back what was written, under its key only', () => {
  writeCache(dir, 'aa', 'body\n');
  expect(readCache(dir, 'aa')).toBe('body\n');
  expect(readCache(dir, 'bb')).toBeUndefined();
  fs.renameSync(path.join(dir, 'policy/aa'), path.join(dir, 'policy/bb'));
  expect(readCache(dir, 'bb')).toBeUndefined();
});

test('leaves no unfinished files', () => {
  writeCache(dir, 'aa', 'one');
  writeCache(dir, 'aa', 'two');
  expect(readCache(dir, 'aa')).toBe('two');
  expect(fs.readdirSync(path.join(dir, 'policy'))).toEqual(['aa']);
});

test('a directory in place of an entry is no entry', () => {
  writeCache(dir, 'aa', 'body');
  fs.rmSync(path.join(dir, 'policy/aa'));
  fs.mkdirSync(path.join(dir, 'policy/aa'));
  expect(readCache(dir, 'aa')).toBeUndefined();
});

test('keeps the newest entries only', () => {
  for (let i = 0; i < 140; i++) writeCache(dir, `key${i}`, 'x');
  expect(fs.readdirSync(path.join(dir, 'policy')).length).toBeLessThanOrEqual(128);
  expect(readCache(dir, 'key139')).toBe('x');
});
