import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../../src/host/make-folder.ts';

test('folders are made for their owner alone, and where none can be made that is said', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'leash-folder-'));
  try {
    makeFolder(path.join(root, 'a/b'));
    makeFolder(path.join(root, 'a/b'));
    for (const name of ['a', 'a/b']) expect(statSync(path.join(root, name)).mode & 0o777).toBe(0o700);
    makeFolder(path.join(root, 'c/d'), 0o755);
    expect(statSync(path.join(root, 'c')).mode & 0o777).toBe(0o755);
    expect(() => makeFolder('/proc/leash/x')).toThrow('ENOENT');
    expect(() => makeFolder('/dev/null/x')).toThrow('ENOTDIR');
  } finally {
    rmSync(root, { recursive: true });
  }
});
