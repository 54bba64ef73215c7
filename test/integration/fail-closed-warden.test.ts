// The warden without descriptors, threads or memory, stopped, or under a storm of signals and dying callers: calls wait or fail, never pass.
import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import {
  asIdentity,
  eventsOf,
  finished,
  IDENTITIES,
  type LeashResult,
  Place,
  POLICY,
  startLeash,
} from '../fixtures/leash.ts';
import { killSession, processOf, remains } from '../fixtures/session-processes.ts';

type End = Pick<LeashResult, 'status' | 'signal' | 'stdout' | 'stderr'>;

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['toil']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('the warden of %s', (as) => {
  let place: Place;
  let child: ChildProcess | undefined;
  let end: Promise<End>;
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

  const start = async (...command: string[]): Promise<number> => {
    child = startLeash(place, { policy: POLICY, command: ['./toil', ...command] });
    end = finished(child);
    // Until then it is leash-entry.
    const agent = (): string | undefined => processOf(place, 'agent')?.command[0];
    await expect.poll(agent, { timeout: 50_000, interval: 5 }).toBe('./toil');
    return processOf(place, 'warden')!.pid;
  };
  /** Changes a soft limit, as the identity itself may. */
  const limit = (pid: number, what: 'nofile' | 'nproc' | 'as', soft: number | 'unlimited'): void => {
    const [program = '', ...args] = [...asIdentity(place.as), 'prlimit', '--pid', String(pid), `--${what}=${soft}:`];
    execFileSync(program, args);
  };
  const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
  const threads = (pid: number): number => readdirSync(`/proc/${pid}/task`).length;
  const made = (folder: string): number => {
    const full = path.join(place.workspace, folder);
    return existsSync(full) ? readdirSync(full).length : 0;
  };
  const nothingForbidden = (): void => expect(readdirSync(path.join(place.workspace, 'vault'))).toEqual(['secret']);
  /** The session is at its end, one way or the other, and left nothing. */
  const over = async (): Promise<End> => {
    const result = await end;
    await expect.poll(() => remains(place), { timeout: 50_000, interval: 20 }).toEqual([]);
    nothingForbidden();
    return result;
  };
  const agentEnds = async (): Promise<void> => {
    process.kill(processOf(place, 'agent')!.pid, 'SIGKILL');
    await over();
  };

  it('keeps no descriptor and no thread of 10,000 operations, most of which fail', async () => {
    const script = './toil mix 40; echo warm; read x; ./toil mix 600; echo done; read x';
    child = startLeash(place, { policy: POLICY, command: ['sh', '-c', script] });
    const lines: string[] = [];
    child.stdout?.on('data', (text: Buffer) => lines.push(text.toString()));
    child.stderr?.resume();
    end = finished(child);
    await expect.poll(() => lines.join(''), { timeout: 50_000 }).toBe('warm\n');
    const warden = processOf(place, 'warden')!.pid;
    const settled = async (): Promise<number[]> => {
      await sleep(300); // the watchdog's tick, and the ends of processes
      return [descriptors(warden), threads(warden)];
    };
    const before = await settled();
    child.stdin?.write('\n');
    await expect.poll(() => lines.join(''), { timeout: 50_000 }).toBe('warm\ndone\n');
    for (const [at, number] of (await settled()).entries()) expect(number).toBeLessThanOrEqual(before[at] ?? 0);
    child.stdin?.write('\n');
    expect((await over()).status).toBe(0);
    expect((await eventsOf(place)).length).toBeGreaterThan(4_000); // what nothing was reached by is not recorded
  });

  it('outlives callers that die between question and answer, and keeps nothing of them', async () => {
    child = startLeash(place, {
      policy: POLICY,
      command: ['sh', '-c', './toil die 10; echo warm; read x; ./toil die 1000; echo done; read x'],
    });
    const lines: string[] = [];
    child.stdout?.on('data', (text: Buffer) => lines.push(text.toString()));
    child.stderr?.resume();
    end = finished(child);
    await expect.poll(() => lines.join(''), { timeout: 50_000 }).toBe('warm\n');
    const warden = processOf(place, 'warden')!.pid;
    await sleep(300);
    const before = descriptors(warden);
    child.stdin?.write('\n');
    await expect.poll(() => lines.join(''), { timeout: 50_000 }).toBe('warm\ndone\n');
    await expect.poll(() => descriptors(warden), { timeout: 50_000 }).toBe(before);
    child.stdin?.write('\n');
    expect((await over()).status).toBe(0);
  });

  it('without descriptors: calls fail, and go on when there are some again', async () => {
    const warden = await start('work', '40', 'made');
    await expect.poll(() => made('made'), { timeout: 50_000 }).toBeGreaterThan(80);
    limit(warden, 'nofile', 3);
    await sleep(300);
    const after = made('made');
    await sleep(700);
    expect(made('made')).toBe(after);
    nothingForbidden();
    limit(warden, 'nofile', 1_000);
    await expect.poll(() => made('made'), { timeout: 50_000 }).toBeGreaterThan(after);
    await agentEnds();
    await eventsOf(place);
  });

  // Root is bound by no number of threads.
  if (as === 'user' || process.getuid?.() !== 0) {
    it('without threads: calls that wait for each other wait, until there are some again', async () => {
      const warden = await start('meet', '1000000');
      limit(warden, 'nproc', 1);
      const fifo = path.join(place.workspace, 'fifo');
      const look = async (): Promise<number | undefined> => {
        await sleep(300);
        return statSync(fifo, { throwIfNoEntry: false })?.ctimeMs;
      };
      let before = await look();
      for (let now = await look(); now === undefined || now !== before; now = await look()) before = now;
      limit(warden, 'nproc', 10_000);
      await expect.poll(look, { timeout: 50_000 }).not.toBe(before);
      await agentEnds();
    });
  }

  it('without memory: calls fail or the session ends', async () => {
    const warden = await start('work', '40', 'made');
    await expect.poll(() => made('made'), { timeout: 50_000 }).toBeGreaterThan(80);
    const pages = Number(readFileSync(`/proc/${warden}/statm`, 'latin1').split(' ')[0]);
    limit(warden, 'as', pages * 4096);
    await sleep(1_000);
    nothingForbidden();
    if (processOf(place, 'agent') !== undefined) await agentEnds();
    else expect((await over()).stderr).toMatch(/LEASH_ENGINE_LOST/);
    await eventsOf(place);
  });

  it('stopped and continued: calls wait meanwhile, and nothing is lost', async () => {
    const warden = await start('open', '3000', 'vault/secret');
    let stops = 0;
    try {
      for (; stops < 10; stops++) {
        process.kill(warden, 'SIGSTOP');
        await sleep(20);
        process.kill(warden, 'SIGCONT');
        await sleep(20);
      }
    } catch {
      // The agent was quicker, and the warden is gone.
    }
    expect(stops).toBeGreaterThan(0);
    const { status, stdout } = await over();
    expect([status, stdout.toString().trim().split('\n').length]).toEqual([0, 30]);
    const denied = (await eventsOf(place)).filter(({ effect }) => effect === 'deny');
    expect(denied).toHaveLength(3000);
  });

  it('under a storm of signals: what it does is done whole', async () => {
    const warden = await start('meet', '300');
    let isOver = false;
    void end.finally(() => {
      isOver = true;
    });
    let sent = 0;
    while (!isOver) {
      for (const signal of [
        'SIGUSR1',
        'SIGCHLD',
        'SIGWINCH',
        'SIGALRM',
        'SIGUSR2',
        'SIGCONT',
        'SIGTERM',
        'SIGINT',
      ] as const) {
        try {
          process.kill(warden, signal);
          sent++;
        } catch {
          break; // it has ended
        }
      }
      await sleep(0);
    }
    expect((await over()).status).toBe(0);
    expect(sent).toBeGreaterThan(1_000);
  });

  it('a manager that is stopped: the agent waits when the records wait, and nothing is lost', async () => {
    const deep = `${'x'.repeat(250)}/`.repeat(15);
    const file = `${deep}forbidden`;
    place.write(file, '');
    const times = 5_000;
    child = startLeash(place, {
      policy: POLICY,
      command: ['sh', '-c', `exec 3>progress; exec ./toil open ${times} ${file} >&3`],
    });
    end = finished(child);
    const progress = (): number => {
      const said = path.join(place.workspace, 'progress');
      return existsSync(said) ? readFileSync(said, 'latin1').split('\n').length - 1 : 0;
    };
    await expect.poll(progress, { timeout: 50_000, interval: 5 }).toBeGreaterThan(0);
    const leash = processOf(place, 'leash')!.pid;
    process.kill(leash, 'SIGSTOP');
    let before = -1;
    while (progress() !== before) {
      before = progress();
      await sleep(1_000);
    }
    expect(before).toBeLessThan(times / 100);
    process.kill(leash, 'SIGCONT');
    expect((await over()).status).toBe(0);
    expect(progress()).toBe(times / 100);
    const denied = (await eventsOf(place)).filter(
      ({ effect, resource }) => effect === 'deny' && resource.type === 'path',
    );
    expect(denied).toHaveLength(times);
  });
});
