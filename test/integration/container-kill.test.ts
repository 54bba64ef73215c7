// Any one process of a session in a container killed, or `leash` told to end, ends all of it: nothing runs on, and the engine keeps nothing.
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { ENGINES, engineMissing, Lab } from '../fixtures/containers.ts';
import { Place, POLICY, startLeash } from '../fixtures/leash.ts';
import { killSession, remains } from '../fixtures/session-processes.ts';

/** Whom it strikes, by the way down from `leash`: the warden, the engine's client; inside, the first process and the agent. */
const VICTIMS = ['leash', 'warden', 'client', 'first', 'agent'] as const;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const engines = ENGINES.map((name) => ({ name, missing: engineMissing(name) }));

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function commandOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

const everybody = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
const childOf = (parent: number): number => everybody().find((pid) => parentOf(pid) === parent) ?? 0;

describe.each(engines)('$name', { timeout: 240_000 }, ({ name, missing }) => {
  let lab: Lab;
  let image: string;
  let attacks: Attacks;
  let place: Place;
  let child: ChildProcess;
  beforeAll(async () => {
    if (missing !== undefined) return;
    attacks = new Attacks(['busy']);
    lab = await Lab.open(name);
    image = lab.image('kill');
  }, 120_000);
  afterAll(async () => {
    attacks?.remove();
    await lab?.close();
  });
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
    place = new Place();
    attacks.put(place, 'busy');
    place.write('vault/secret', 'TOP SECRET');
  });
  afterEach(() => {
    if (missing !== undefined) return;
    killSession(place);
    place.remove();
  });

  const heartbeat = (): string => {
    const file = path.join(place.workspace, 'heartbeat');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  /** A session whose agent works. The heart stands still when it does not. */
  const start = async (...command: string[]): Promise<number> => {
    child = startLeash(place, {
      policy: POLICY,
      command,
      env: lab.env,
      args: ['--backend', name, '--image', image, '--env', `SESSION_MARK=${place.mark}`],
    });
    child.stdout?.resume();
    child.stderr?.resume();
    while (heartbeat() === '') await sleep(5);
    return child.pid ?? 0;
  };

  const processOf = (victim: (typeof VICTIMS)[number], leash: number): number => {
    const warden = childOf(leash);
    const first = everybody().find((pid) => {
      const words = commandOf(pid);
      return words[0] === '/run/leash/entry' && words.includes(place.home);
    });
    return { leash, warden, client: childOf(warden), first: first ?? 0, agent: childOf(first ?? 0) }[victim];
  };

  const gone = async (): Promise<void> => {
    await expect.poll(() => remains(place), { timeout: 50_000, interval: 20 }).toEqual([]);
    const last = heartbeat();
    await sleep(50);
    expect(heartbeat()).toBe(last);
    expect(existsSync(path.join(place.workspace, 'won'))).toBe(false);
    await expect.poll(() => lab.containers(), { timeout: 50_000, interval: 200 }).toEqual([]);
  };

  test.each(VICTIMS)('ends whole when the process "%s" is killed', async (victim) => {
    const pid = processOf(victim, await start('./busy', 'heartbeat', 'vault/secret'));
    expect(pid).toBeGreaterThan(1);
    process.kill(pid, 'SIGKILL');
    await gone();
  });

  test.each(SIGNALS)('the agent is told of %s, and its end is the session’s', async (signal) => {
    const script = 'trap "echo told > told; exit 9" INT TERM HUP; echo 1 > heartbeat; while :; do sleep 0.1; done';
    const leash = await start('sh', '-c', script);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(leash, signal);
    expect(await ended).toBe(9);
    expect(readFileSync(path.join(place.workspace, 'told'), 'utf8')).toBe('told\n');
    await gone();
    expect(readdirSync(path.join(place.home, '.local/state/leash/containers'))).toEqual([]);
  });
});
