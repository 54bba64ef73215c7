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
  async function signalAt(role: Role, signal: NodeJS.Signals, command: readonly string[]): Promise<void> {
    child = startLeash(place, { policy: PERMISSIVE, command });
    for (;;) {
      const leash = processOf(place, 'leash')?.pid;
      if (leash !== undefined && processOf(place, role) !== undefined) {
        process.kill(leash, signal);
        return;
      }
      await sleep(2);
    }
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s while the sandbox is built is for the agent as soon as it is there', async (signal, status) => {
    await signalAt('outer bwrap', signal, ['sleep', '600']);
    const end = await finished(child as ChildProcess);
    expect(end.status ?? end.signal, end.stderr).toBe(end.status === null ? signal : status);
    expect(remains(place)).toEqual([]);
  });

  it('SIGUSR1 opens no debugger', async () => {
    await signalAt('agent', 'SIGUSR1', ['sh', '-c', 'sleep 1; exit 6']);
    const { status, stderr } = await finished(child as ChildProcess);
    expect([status, stderr]).toEqual([6, expect.not.stringContaining('Debugger')]);
  });
});
