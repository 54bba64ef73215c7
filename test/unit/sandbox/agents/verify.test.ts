// What counts as an installed agent.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { InstallableAgent } from '../../../../src/sandbox/agents/agent.ts';
import { verifyFiles, verifyIntegrity, verifyRuns } from '../../../../src/sandbox/agents/verify.ts';

const TOY: InstallableAgent = {
  name: 'toy',
  package: { name: 'toy', version: '1.2.3', integrity: 'sha512-right', isTrusted: true },
  bin: 'toy',
  environment: { SETTING: 'given' },
  credentials: [],
  hosts: [],
  logins: [],
  settings: [],
  tokenFiles: [],
  mcpConfig: [],
  trust: [],
  profile: 'base',
};

let root: string;

function write(name: string, content: string, mode = 0o644): void {
  const file = path.join(root, 'node_modules', name);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, content, { mode });
}

const writeLock = (integrity: unknown): void =>
  write('.package-lock.json', JSON.stringify({ packages: { 'node_modules/toy': { integrity } } }));

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'leash-verify-test-'));
  write('toy/package.json', '{"version":"1.2.3"}');
  write('.bin/toy', '#!/bin/sh\necho "toy v 1.2.3"\n', 0o755);
  writeLock('sha512-right');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a complete installation', async () => {
  await expect(verifyFiles(TOY, root)).resolves.toBe(path.join(root, 'node_modules/.bin/toy'));
  await verifyIntegrity(TOY, root);
  await verifyRuns(TOY, root);
});

test.each(['{"version":"1.2.4"}', '{"version":["1.2.3"]}', '{}', 'null', '"1.2.3"', 'not JSON'])(
  'manifest %s',
  async (manifest) => {
    write('toy/package.json', manifest);
    await expect(verifyFiles(TOY, root)).rejects.toMatchObject({ code: 'LEASH_AGENT_INSTALL' });
  },
);

test('a program that may not be executed, or is missing', async () => {
  write('.bin/toy', '', 0o644);
  await expect(verifyFiles(TOY, root)).rejects.toMatchObject({ code: 'LEASH_AGENT_INSTALL' });
  rmSync(path.join(root, 'node_modules/.bin/toy'));
  await expect(verifyFiles(TOY, root)).rejects.toMatchObject({ code: 'LEASH_AGENT_INSTALL' });
});

test.each(['sha512-wrong', undefined, 7])('recorded integrity %s', async (integrity) => {
  writeLock(integrity);
  await expect(verifyIntegrity(TOY, root)).rejects.toMatchObject({ code: 'LEASH_AGENT_INSTALL' });
});

test('no record of the installation', async () => {
  rmSync(path.join(root, 'node_modules/.package-lock.json'));
  await expect(verifyIntegrity(TOY, root)).rejects.toMatchObject({ code: 'LEASH_AGENT_INSTALL' });
});

test.each([
  ['another version', 'echo 11.2.30'],
  ['a failure', 'echo 1.2.3; exit 1'],
  ['an environment that is not its own', '[ "$SETTING" = given ] && [ -z "$LEASH_TEST_LEAK" ] && exit 1; echo 1.2.3'],
])('--version with %s', async (_title, command) => {
  process.env['LEASH_TEST_LEAK'] = 'leaked';
  write('.bin/toy', `#!/bin/sh\n${command}\n`, 0o755);
  try {
    await expect(verifyRuns(TOY, root)).rejects.toMatchObject({ code: 'LEASH_AGENT_INSTALL' });
  } finally {
    delete process.env['LEASH_TEST_LEAK'];
  }
});
