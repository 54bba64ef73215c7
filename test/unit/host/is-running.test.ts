import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isRunning } from '../../../src/host/is-running.ts';

test('a process is running until it has been waited for', async () => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid ?? 0;
  expect(isRunning(pid)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isRunning(pid)).toBe(false);
});

test("another user's process counts", () => {
  expect(isRunning(1)).toBe(true);
});
