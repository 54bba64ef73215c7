import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { userKey } from '../../../src/api/user-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-key-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a key is made once, for its owner alone', () => {
  const state = path.join(folder, 'state');
  const key = userKey(state);
  expect(key).toHaveLength(32);
  expect(Buffer.from(userKey(state)).equals(key)).toBe(true);
  expect(statSync(path.join(state, 'api-key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(state)).toEqual(['api-key']);
  expect(Buffer.from(userKey(path.join(folder, 'other'))).equals(key)).toBe(false);
});

test.each<[string, (file: string) => void]>([
  ['others may read it', (file) => chmodSync(file, 0o640)],
  ['it is short', (file) => writeFileSync(file, 'short')],
  [
    'it is a link',
    (file) => {
      rmSync(file);
      symlinkSync('/etc/hostname', file);
    },
  ],
])('a key is not used when %s', (_, spoil) => {
  userKey(folder);
  spoil(path.join(folder, 'api-key'));
  expect(() => userKey(folder)).toThrow(/api-key/);
});
