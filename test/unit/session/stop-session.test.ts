import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { processIdentity } from '../../../src/journal/owner.ts';
import type { SessionSummary } from '../../../src/journal/session-list.ts';
import { askToEnd, awaitEnd } from '../../../src/session/stop-session.ts';
import { openSample, SESSION_ID, sampleInfo, temporaryFolder } from '../journal/sample-session.ts';

const summary = (pid: number, owner?: string): SessionSummary => ({
  info: sampleInfo({ pid, ...(owner !== undefined && { owner }) }),
  state: 'running',
  dir: '/nowhere',
});

test('only the process that owns the session is signalled', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  try {
    const unreachable = expect.objectContaining({ code: 'LEASH_SESSION_UNREACHABLE' });
    expect(() => askToEnd(summary(pid, 'another boot/1'))).toThrow(unreachable);
    expect(() => askToEnd(summary(pid))).toThrow(unreachable);
    expect(child.exitCode).toBeNull();
    const end = once(child, 'exit');
    askToEnd(summary(pid, processIdentity(pid)));
    expect(await end).toEqual([null, 'SIGTERM']);
  } finally {
    child.kill('SIGKILL');
  }
});

test('a session that does not end is told of, with what ends it', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  const running = { ...summary(process.pid), dir };
  await expect(awaitEnd(running, 1)).rejects.toThrow(`\`kill -9 ${process.pid}\` ends it`);
  await journal.close({ ended: 1, exitCode: 0 });
  await awaitEnd(running, 1);
});
