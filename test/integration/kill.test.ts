// Any one process of a session killed at any moment ends all of it: nothing is left running, and nothing ran ungoverned meanwhile.
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, Place, POLICY, startLeash } from '../fixtures/leash.ts';
import { processOf, type Role, remains, sessionProcesses } from '../fixtures/session-processes.ts';

const ROUNDS = 10;
const ROLES: readonly Role[] = ['leash', 'warden', 'outer bwrap', 'inner bwrap', 'agent'];

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['busy']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('a session of %s', (as) => {
  let place: Place;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    place = new Place(as);
    attacks.put(place, 'busy');
    place.write('vault/secret', 'TOP SECRET');
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    // Nothing of a failed test may outlive it.
    for (const { pid } of sessionProcesses(place)) process.kill(pid, 'SIGKILL');
    place.remove();
  });

  const heartbeat = (): string => {
    const file = path.join(place.workspace, 'heartbeat');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  /** A session whose agent works, and ignores every signal. */
  const start = async (): Promise<void> => {
    const before = heartbeat();
    child = startLeash(place, { policy: POLICY, command: ['./busy', 'heartbeat', 'vault/secret'] });
    child.stdout?.resume();
    child.stderr?.resume();
    while (heartbeat() === before || heartbeat() === '') await sleep(5);
  };

  const gone = async (): Promise<void> => {
    await expect.poll(() => remains(place), { timeout: 50_000, interval: 20 }).toEqual([]);
    const last = heartbeat();
    await sleep(20);
    expect(heartbeat()).toBe(last);
    expect(existsSync(path.join(place.workspace, 'won'))).toBe(false);
  };

  it.each(ROLES)(`ends whole when the process "%s" is killed, ${ROUNDS} times`, async (role) => {
    for (let round = 0; round < ROUNDS; round++) {
      await start();
      await sleep(randomInt(60));
      const victim = processOf(place, role);
      expect(victim, role).toBeDefined();
      process.kill(victim!.pid, 'SIGKILL');
      await gone();
    }
  });
});
