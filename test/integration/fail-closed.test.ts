// A part of a session is killed, or stopped and then killed, while hundreds of processes work: nothing goes on, nothing happened unjudged.
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { eventsOf, IDENTITIES, PERMISSIVE, Place, POLICY, runLeash, startLeash } from '../fixtures/leash.ts';
import { killSession, processOf, type Role, remains } from '../fixtures/session-processes.ts';

/** Kills for each identity; `npm run battery` and whoever doubts ask for more. */
const ROUNDS = Number(process.env['LEASH_FAULT_ROUNDS'] ?? 10);
const ROLES: readonly Role[] = ['leash', 'warden', 'outer bwrap', 'inner bwrap', 'agent'];
const PROCESSES = 100;

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['toil']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('a session of %s with many processes', (as) => {
  let place: Place;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    place = new Place(as);
    attacks.put(place, 'toil');
    place.write('vault/secret', 'TOP SECRET');
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    killSession(place);
    place.remove();
  });

  const inVault = (): string[] => readdirSync(path.join(place.workspace, 'vault'));
  const made = (folder: string): string[] => {
    const full = path.join(place.workspace, folder);
    return existsSync(full) ? readdirSync(full) : [];
  };

  /** What of each process's series reached the journal: its first numbers without a gap, and each is there. */
  const journalIsPrefix = async (folder: string): Promise<void> => {
    const files = new Set(made(folder));
    const next = new Map<string, number>();
    const prefix = path.join(place.workspace, folder);
    for (const { action, resource, effect, error } of await eventsOf(place)) {
      if (resource.type !== 'path' || path.dirname(resource.path) !== prefix || action !== 'FileCreate') continue;
      const name = path.basename(resource.path);
      const [who = '', number] = name.split('-');
      // EINTR: it was done, and its process did not live to hear of it.
      const isDone = effect === 'allow' && (error === undefined || error === 'EINTR');
      expect([name, isDone, Number(number)]).toEqual([name, true, next.get(who) ?? 0]);
      expect(files.has(name), name).toBe(true);
      next.set(who, Number(number) + 1);
    }
  };

  const round = async (role: Role, isStopped: boolean, folder: string): Promise<void> => {
    child = startLeash(place, { policy: POLICY, command: ['./toil', 'work', String(PROCESSES), folder] });
    child.stdout?.resume();
    child.stderr?.resume();
    while (made(folder).length < 2 * PROCESSES) await sleep(5);
    await sleep(randomInt(100));
    const victim = processOf(place, role);
    expect(victim, role).toBeDefined();
    if (isStopped) {
      process.kill(victim!.pid, 'SIGSTOP');
      await sleep(randomInt(100));
    }
    process.kill(victim!.pid, 'SIGKILL');
    await expect.poll(() => remains(place), { timeout: 60_000, interval: 20 }).toEqual([]);
    // A thread of the warden ends with the call it is in, after its process has no environment any more.
    let last = -1;
    while (last !== made(folder).length) {
      last = made(folder).length;
      await sleep(200);
    }
    await journalIsPrefix(folder);
    expect(inVault()).toEqual(['secret']);
    expect(made(folder)).toHaveLength(last);
    const { status } = await runLeash(place, { policy: POLICY, command: ['./toil', 'nothing'] });
    expect(status).toBe(0);
    rmSync(path.join(place.workspace, folder), { recursive: true });
  };

  it('control: where nothing is forbidden, what no journal may miss appears', async () => {
    child = startLeash(place, { policy: PERMISSIVE, command: ['./toil', 'work', '2', 'made'] });
    child.stdout?.resume();
    child.stderr?.resume();
    await expect.poll(() => inVault().includes('1-1'), { timeout: 50_000 }).toBe(true);
    process.kill(processOf(place, 'agent')!.pid, 'SIGKILL');
    await expect.poll(() => remains(place), { timeout: 60_000, interval: 20 }).toEqual([]);
  });

  it(`ends whole, ${ROUNDS} times, and the next one starts`, { timeout: 60_000 + 10_000 * ROUNDS }, async () => {
    for (let n = 0; n < ROUNDS; n++) await round(ROLES[n % ROLES.length]!, n % 2 === 1, `made-${n}`);
  });
});
