import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseBackend } from '../../../src/sandbox/backend.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-backend-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function having(...programs: string[]): Record<string, string> {
  for (const name of programs) {
    writeFileSync(path.join(folder, name), '');
    chmodSync(path.join(folder, name), 0o755);
  }
  return { PATH: folder };
}

test('what was asked for is before what is installed', () => {
  const env = having('bwrap', 'podman');
  expect(chooseBackend('docker', env)).toBe('docker');
  expect(chooseBackend(undefined, env)).toBe('bubblewrap');
});

test('without bubblewrap the first engine is taken, and without any bubblewrap is what is missing', () => {
  expect(chooseBackend(undefined, having('docker'))).toBe('docker');
  expect(chooseBackend(undefined, having('docker', 'podman'))).toBe('podman');
  expect(chooseBackend(undefined, { PATH: '/nowhere' })).toBe('bubblewrap');
});
