import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ControllerHomes, controllerHomes } from '../../../src/host/cgroups.ts';
import { THIS_HOST } from '../../../src/host/doctor/host.ts';
import type { Limit } from '../../../src/sandbox/limits.ts';
import { SessionGroup } from '../../../src/sandbox/session-group.ts';
import { unless } from '../../fixtures/unless.ts';

const LIMITS: readonly Limit[] = [
  { name: 'memory', value: 2 ** 28, holder: 'cgroup v2' },
  { name: 'pids', value: 100, holder: 'cgroup v2' },
  { name: 'cpu', value: 1.5, holder: 'cgroup v2' },
];

/** Ordinary files stand for the kernel's: what is written where. That it works, the kernel says below and in test/integration. */
describe('version 2', () => {
  let folder: string;
  let homes: ControllerHomes;
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'leash-group-'));
    const home = { version: 2, folder, mustMove: true } as const;
    homes = new Map(LIMITS.map(({ name }) => [name, home]));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('this process moves aside, hands the controllers on, and makes one group for all', () => {
    const group = new SessionGroup(LIMITS, homes);
    expect(read(`leash-${process.pid}/cgroup.procs`)).toBe(String(process.pid));
    expect(read('cgroup.subtree_control')).toBe('+memory +pids +cpu');
    expect(group.doors).toHaveLength(1);
    const own = path.relative(folder, path.dirname(group.doors[0] ?? ''));
    expect(read(`${own}/memory.max`)).toBe(String(2 ** 28));
    // The agent has 100, the backend two.
    expect(read(`${own}/pids.max`)).toBe('102');
    expect(read(`${own}/cpu.max`)).toBe('150000 100000');
  });

  test('what the kernel counted', () => {
    const group = new SessionGroup(LIMITS, homes);
    const own = path.dirname(group.doors[0] ?? '');
    expect([group.memoryKills, group.refusedForks]).toEqual([0, 0]);
    writeFileSync(path.join(own, 'memory.events'), 'low 0\nhigh 0\nmax 9\noom 3\noom_kill 2\noom_group_kill 0\n');
    writeFileSync(path.join(own, 'pids.events'), 'max 7\n');
    expect([group.memoryKills, group.refusedForks]).toEqual([2, 7]);
  });

  test('a refusal leaves nothing', () => {
    mkdirSync(path.join(folder, 'cgroup.subtree_control'));
    expect(() => new SessionGroup(LIMITS, homes)).toThrow(/EISDIR/);
    expect(readdirSync(folder).filter((name) => /-\d+-/.test(name))).toEqual([]);
  });

  test('limits that others hold need no group', () => {
    const group = new SessionGroup([{ name: 'pids', value: 9, holder: 'rlimit' }], new Map());
    expect(group.doors).toEqual([]);
    expect([group.memoryKills, group.refusedForks]).toEqual([0, 0]);
  });
});

const real = controllerHomes(THIS_HOST);
const pids = real.get('pids');

const reason = pids === undefined ? 'no cgroup of processes can be written to here' : undefined;
describe('the groups of this machine', unless(reason), () => {
  const limits: readonly Limit[] = [{ name: 'pids', value: 5, holder: `cgroup v${pids?.version ?? 1}` }];
  const parent = pids?.folder ?? '';
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A group of another process's session: its name says so. */
  function orphan(pid: number): string {
    const folder = path.join(parent, `leash-${pid}-1`);
    mkdirSync(folder);
    return folder;
  }

  test('are made, joined, and removed when their last process ends', async () => {
    const group = new SessionGroup(limits, real);
    const door = group.doors[0] ?? '';
    expect(readFileSync(path.join(path.dirname(door), 'pids.max'), 'utf8')).toBe('7\n');
    const child = spawn('sleep', ['60']);
    children.push(child);
    writeFileSync(door, String(child.pid));
    expect(readFileSync(`/proc/${child.pid}/cgroup`, 'utf8')).toContain(path.basename(path.dirname(door)));
    const removed = group.remove();
    child.kill('SIGKILL');
    await removed;
    expect(existsSync(path.dirname(door))).toBe(false);
  });

  test('of processes that are gone are swept; of those that run, and with a process in them, they stay', async () => {
    const dead = spawn('true');
    await once(dead, 'exit');
    const alive = spawn('sleep', ['60']);
    const inside = spawn('sleep', ['60']);
    children.push(alive, inside);
    const gone = orphan(dead.pid ?? 0);
    const running = orphan(alive.pid ?? 0);
    const used = path.join(parent, `leash-${dead.pid}-2`);
    mkdirSync(used);
    writeFileSync(path.join(used, 'cgroup.procs'), String(inside.pid));
    const foreign = path.join(parent, `leash-test-${process.pid}`);
    mkdirSync(foreign);
    const group = new SessionGroup(limits, real);
    try {
      expect([gone, running, used, foreign].map(existsSync)).toEqual([false, true, true, true]);
    } finally {
      await group.remove();
      const over = [alive, inside].map((child) => once(child, 'exit'));
      for (const child of [alive, inside]) child.kill('SIGKILL');
      await Promise.all(over);
      for (const folder of [running, used, foreign]) rmdirSync(folder);
    }
  });
});
