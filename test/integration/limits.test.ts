// What the agent may use at most: it meets the limits, cannot raise or leave them, and the machine outside does not feel them.
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONTROLLERS, controllerHomes } from '../../src/host/cgroups.ts';
import { THIS_HOST } from '../../src/host/doctor/host.ts';
import { Attacks } from '../fixtures/attacks.ts';
import {
  asIdentity,
  finished,
  IDENTITIES,
  type LeashRequest,
  PERMISSIVE,
  Place,
  runLeash,
  startLeash,
} from '../fixtures/leash.ts';
import { processOf, type Role, sessionProcesses } from '../fixtures/session-processes.ts';
import { unless } from '../fixtures/unless.ts';

const homes = controllerHomes(THIS_HOST);
const hasGroups = CONTROLLERS.every((name) => homes.has(name));
if (!hasGroups) console.warn('control groups cannot be made here: only what holds without them is tested');

/** Names of the groups of sessions, in every hierarchy. */
function groups(): string[] {
  return [...homes.values()].flatMap(({ folder }) =>
    readdirSync(folder)
      .filter((name) => /^leash-\d+-\d+$/.test(name))
      .map((name) => path.join(folder, name)),
  );
}

/** The groups that hold a process, `memory:/leash-1-1`, without those that are not of a session's. */
function groupsOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .split('\n')
    .filter((line) => /\/leash-\d+-\d+$/.test(line));
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself meanwhile
  }
}

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['crowd']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('the limits of %s', (as) => {
  /** Whether the kernel's groups hold them, as for root here, or the rest does. */
  const isGrouped = as === 'self' && hasGroups;
  const ungrouped = isGrouped ? undefined : 'no control group of this user holds it';
  const grouped = isGrouped ? 'a control group holds it' : undefined;
  let place: Place;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    place = new Place(as);
    attacks.put(place, 'crowd');
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    for (const { pid } of sessionProcesses(place)) end(pid);
    place.remove();
  });

  const run = (command: readonly string[], args: readonly string[] = [], input = '') =>
    runLeash(place, { policy: PERMISSIVE, command, args, input } satisfies LeashRequest);

  describe('memory', () => {
    it.each([
      ['one process', ['300']],
      ['twenty processes together', ['300', '20']],
    ])('holds %s to it; within it nothing happens', async (_what, amount) => {
      const beyond = await run(['./crowd', 'memory', ...amount], ['--memory', '128M']);
      expect(beyond.stdout.toString()).toBe('');
      expect(beyond.stderr).toContain('the agent ran out of its 128 MiB memory limit');
      expect(beyond.status).not.toBe(0);
      const met = beyond.events.find(({ action }) => action === 'ResourceLimit');
      expect(met).toMatchObject({ resource: { name: 'memory' }, effect: 'deny' });

      const within = await run(['./crowd', 'memory', ...amount], ['--memory', '600M']);
      expect(within.stdout.toString()).toBe('filled\n');
      expect(within.stderr).not.toContain('limit');
      expect(within.events.filter(({ action }) => action === 'ResourceLimit')).toEqual([]);
    });

    it('covers files in temporary folders', async () => {
      const script = 'head -c 300M /dev/zero >/tmp/big; wc -c </tmp/big';
      const beyond = await run(['sh', '-c', script], ['--memory', '128M']);
      // Killed with the file half written, or told that the folder is full.
      expect(Number(beyond.stdout.toString() || 0)).toBeLessThan(300 * 2 ** 20);
      const within = await run(['sh', '-c', script], ['--memory', '1300M']);
      expect(Number(within.stdout.toString())).toBe(300 * 2 ** 20);
    });

    it('does not count pages twice that a fork shares', async () => {
      const { stdout } = await run(['./crowd', 'shared', '150', '10'], ['--memory', '300M']);
      expect(stdout.toString()).toBe('done\n');
    });
  });

  describe('processes', () => {
    it.each(['processes', 'threads'])('are counted, %s too', async (kind) => {
      const { stdout, events } = await run(['./crowd', kind, '200', 'crowd'], ['--pids', '60']);
      const alive = Number(/^(\d+) alive/.exec(stdout.toString())?.[1]);
      expect(alive).toBeGreaterThan(50);
      expect(alive).toBeLessThan(60);
      if (isGrouped) expect(events.map(({ action }) => action)).toContain('ResourceLimit');
      const more = await run(['./crowd', kind, '200', 'crowd'], ['--pids', '260']);
      expect(more.stdout.toString()).toBe('200 alive, 200 opened\n');
    });

    it('stop a bomb in C', async () => {
      const { stdout } = await run(['./crowd', 'bomb'], ['--pids', '300']);
      expect(stdout.toString()).toBe('stopped: Resource temporarily unavailable\n');
    });

    it('stop a bomb in sh', async () => {
      const script =
        'bomb() { bomb | bomb & }; (bomb) 2>bombed; while ! grep -q fork bombed; do :; done; echo met; kill -9 -1';
      const { stdout } = await run(['sh', '-c', script], ['--pids', '300']);
      expect(stdout.toString()).toBe('met\n');
    });

    // All asleep: thousands that fork would take every turn of a small machine's processors, as the bombs above take theirs.
    it('have a limit when nobody gives one, and the machine can start others meanwhile', async () => {
      child = startLeash(place, { policy: PERMISSIVE, command: ['./crowd', 'processes', '100000', 'crowd'] });
      const over = finished(child);
      const [line] = (await once(child.stdout as Readable, 'data')) as [Buffer];
      const alive = Number(/^(\d+) alive/.exec(line.toString())?.[1]);
      expect(alive).toBeGreaterThan(1_000);
      expect(alive).toBeLessThanOrEqual(4_096);
      const [program = '', ...args] = [...asIdentity(as), 'true'];
      expect(spawnSync(program, args)).toMatchObject({ status: 0 });
      child.stdin?.end('\n');
      expect(await over).toMatchObject({ status: 0 });
    });
  });

  it('time on processors is held back', unless(ungrouped), async () => {
    child = startLeash(place, {
      policy: PERMISSIVE,
      command: ['sh', '-c', 'while :; do :; done'],
      args: ['--cpus', '0.2'],
    });
    const folder = (): string | undefined =>
      groups().find((group) => group.startsWith(homes.get('cpu')?.folder ?? '-'));
    const throttled = (): number => {
      const stat = folder() === undefined ? '' : readFileSync(path.join(folder() ?? '', 'cpu.stat'), 'utf8');
      return Number(/^nr_throttled (\d+)$/m.exec(stat)?.[1] ?? 0);
    };
    await expect.poll(throttled, { timeout: 50_000 }).toBeGreaterThan(2);
  });

  it('what nobody can hold is refused', unless(grouped), async () => {
    const { status, stderr } = await run(['true'], ['--cpus', '0.2']);
    expect(status).toBe(125);
    expect(stderr).toMatch(/^leash: LEASH_LIMIT: --cpus cannot be held here: .*\n {2}hint: .*\n$/);
  });

  it('cannot be raised or left from inside', async () => {
    // Everything that names a limit is tried: the group's files, other groups, limits of processes.
    place.write(
      'raise.py',
      `
import glob, os, resource
def attempt(what, act):
    try:
        act()
        print("did", what)
    except (OSError, ValueError):
        pass
for file in glob.glob("/sys/fs/cgroup/**/*", recursive=True):
    name = os.path.basename(file)
    if name in ("cgroup.procs", "tasks", "cgroup.threads"):
        attempt(file, lambda: open(file, "w").write(str(os.getpid())))
    elif name in ("memory.max", "memory.limit_in_bytes", "pids.max", "cpu.max", "cpu.cfs_quota_us", "release_agent"):
        attempt(file, lambda: open(file, "w").write("-1"))
    elif os.path.isdir(file):
        attempt("mkdir " + file, lambda: os.mkdir(file + "/mine"))
soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
if hard != resource.RLIM_INFINITY:
    attempt("setrlimit", lambda: resource.setrlimit(resource.RLIMIT_NPROC, (hard + 1, hard + 1)))
    attempt("prlimit", lambda: resource.prlimit(os.getpid(), resource.RLIMIT_NPROC, (hard + 1, hard + 1)))
try:
    CLONE_NEWUSER, CLONE_NEWCGROUP = 0x10000000, 0x02000000
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    for flag in (CLONE_NEWUSER, CLONE_NEWCGROUP):
        if libc.unshare(flag) == 0: print("did unshare", flag)
    if libc.mount(b"none", b"/tmp", b"cgroup2", 0, None) == 0: print("did mount")
except AttributeError:
    pass
print("tried")
print(open("/proc/self/cgroup").read())
`,
    );
    const limits = ['--memory', '600M', '--pids', '70'];
    const { stdout } = await run(['/usr/bin/python3', 'raise.py'], limits);
    const [tried, , ...own] = stdout.toString().split('\n\n')[0]?.split('\n') ?? [];
    expect(tried).toBe('tried');
    // The group is the root of what it sees.
    expect(own.filter((line) => line.includes('leash-'))).toEqual([]);
    expect(existsSync('/sys/fs/cgroup/mine')).toBe(false);
  });

  it('hold the sandbox and not who watches it; nothing is left of them', unless(ungrouped), async () => {
    child = startLeash(place, { policy: PERMISSIVE, command: ['cat'], args: ['--memory', '1G', '--cpus', '1'] });
    const over = finished(child);
    await expect.poll(() => processOf(place, 'agent')?.command[0], { timeout: 50_000 }).toBe('cat');
    const numberOf = (role: Role): number => groupsOf(processOf(place, role)?.pid ?? 0).length;
    expect((['agent', 'inner bwrap', 'outer bwrap'] as const).map(numberOf)).toEqual([3, 3, 3]);
    expect((['warden', 'leash'] as const).map(numberOf)).toEqual([0, 0]);
    const own = groups().filter((group) => group.includes(`leash-${processOf(place, 'leash')?.pid}-`));
    expect(own).toHaveLength(3);
    child.stdin?.end();
    await over;
    expect(own.filter(existsSync)).toEqual([]);
  });

  it('leave nothing behind after kill -9 that the next session does not remove', unless(ungrouped), async () => {
    child = startLeash(place, { policy: PERMISSIVE, command: ['cat'] });
    await expect.poll(() => processOf(place, 'agent')?.command[0], { timeout: 50_000 }).toBe('cat');
    const own = groups().filter((group) => group.includes(`leash-${child?.pid}-`));
    expect(own).toHaveLength(2);
    const over = once(child, 'exit');
    child.kill('SIGKILL');
    await over;
    await expect.poll(() => sessionProcesses(place), { timeout: 50_000 }).toEqual([]);
    await run(['true']);
    expect(own.filter(existsSync)).toEqual([]);
  });
});
