import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { processIdentity } from '../../../src/journal/owner.ts';

test('a live process has one identity', () => {
  expect(processIdentity(process.pid)).toMatch(/^[0-9a-f-]{36}\/\d+$/);
  expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
});

test('a process that is gone has none', () => {
  const { pid } = spawnSync('true');
  expect(processIdentity(pid)).toBeUndefined();
});

test('a zombie has none', async () => {
  // The shell becomes a sleep that never waits for the child the shell had.
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = Number(chunk.toString());
    await expect.poll(() => processIdentity(child)).toBeUndefined();
  } finally {
    parent.kill('SIGKILL');
  }
});

test('a program name with spaces and parentheses does not shift the fields', async () => {
  const script = "process.title = 'a) Z (b'; process.stdout.write('x'); setInterval(() => {}, 1000);";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await once(child.stdout, 'data');
    expect(processIdentity(child.pid ?? 0)).toMatch(/^[0-9a-f-]{36}\/\d+$/);
  } finally {
    child.kill('SIGKILL');
  }
});
