import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineName } from '../../../../src/sandbox/container/engine.ts';
import { requireSameUsers } from '../../../../src/sandbox/container/users.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leash-users-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** @param answer as the two engines give it */
function ask(name: EngineName, answer: string, status = 0): Promise<void> {
  const program = path.join(root, 'engine');
  writeFileSync(program, `#!/bin/sh\necho '${answer}' >&${status === 0 ? 1 : 2}\nexit ${status}\n`);
  chmodSync(program, 0o755);
  return requireSameUsers({ name, program, options: [], env: process.env, uid: 0, gid: 0, isElsewhere: true });
}

test('an engine of root’s with its own users is taken; one that maps them, or does not answer, is refused', async () => {
  await ask('docker', '["name=seccomp,profile=default"]');
  await ask('podman', 'false');
  await expect(ask('docker', '["name=seccomp,profile=default","name=rootless"]')).rejects.toThrow(/maps users/);
  await expect(ask('docker', '["name=userns"]')).rejects.toThrow(/maps users/);
  await expect(ask('podman', 'true')).rejects.toThrow(/maps users/);
  await expect(ask('docker', 'Cannot connect', 1)).rejects.toThrow('docker does not answer: Cannot connect');
});
