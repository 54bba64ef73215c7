import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSessionInfo } from '../../../src/journal/session-file.ts';
import { runSession } from '../../../src/session/session.ts';
import { sessionOptions } from './session-options.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-session-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("ends with the agent's status, totals and a finished record", async () => {
  const options = sessionOptions(root, { command: ['sh', '-c', 'echo x >made; exit 4'] });
  const result = await runSession(options);
  expect(result).toMatchObject({ status: 4, denied: 0 });
  expect(result.allowed).toBeGreaterThan(3);
  expect(existsSync(path.join(options.workspace, 'made'))).toBe(true);
  const info = readSessionInfo(path.join(root, 'home/.local/state/leash/sessions', result.id));
  expect(info).toMatchObject({ exitCode: 4, command: options.command, allowed: result.allowed, denied: 0 });
});

test('a policy that cannot be used starts nothing', async () => {
  const policyFile = path.join(root, 'p.cedar');
  writeFileSync(policyFile, 'permit(principal');
  const options = sessionOptions(root, { policyFile, command: ['touch', 'made'] });
  await expect(runSession(options)).rejects.toMatchObject({ code: 'LEASH_POLICY_INVALID' });
  expect(existsSync(path.join(options.workspace, 'made'))).toBe(false);
});

test('a sandbox that cannot be built is a failure of the session, not of the agent', async () => {
  const result = await runSession(sessionOptions(root, { bubblewrap: '/bin/false' }));
  expect(result.status).toBe(125);
  expect(result.failure?.code).toMatch(/^LEASH_(SANDBOX_START|ENGINE_LOST)$/);
});
