// Signals at moments and of kinds that nobody expects in; the end they ask for, or nothing, out.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finished, IDENTITIES, PERMISSIVE, Place, startLeash } from '../fixtures/leash.ts';
import { killSession, processOf, type Role, remains } from '../fixtures/session-processes.ts';

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => {
    killSession(place);
    place.remove();
  });

  /** Sends the signal to `leash` as soon as there is such a process. */
  async function signalAt(role: Role, signal: NodeJS.Signals, command: readonly string[]): ReturnType<typeof finished> {
    child = startLeash(place, { policy: PERMISSIVE, command });
    const end = finished(child);
    while (child.exitCode === null && child.signalCode === null) {
      const leash = processOf(place, 'leash')?.pid;
      if (leash !== undefined && processOf(place, role) !== undefined) {
        process.kill(leash, signal);
        break;
      }
      await sleep(2);
    }
    return end;
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGKILL', undefined],
  ] as const)('%s while the sandbox is built ends it, and nothing stays', async (signal, status) => {
    const end = await signalAt('outer bwrap', signal, ['sleep', '600']);
    expect(end.status ?? end.signal, end.stderr).toBe(end.status === null ? signal : status);
    await expect.poll(() => remains(place), { timeout: 10_000 }).toEqual([]);
  });

  it('SIGUSR1 opens no debugger', async () => {
    const { status, stderr } = await signalAt('agent', 'SIGUSR1', ['sh', '-c', 'sleep 1; exit 6']);
    expect([status, stderr]).toEqual([6, expect.not.stringContaining('Debugger')]);
  });
});
