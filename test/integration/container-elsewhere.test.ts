// An engine elsewhere in; that a session there is a session like any other, that the agent finds nothing of its manager, and that all ends together, out.
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSessionInfo } from '../../src/journal/session-file.ts';
import { sessionState } from '../../src/journal/session-list.ts';
import { Attacks } from '../fixtures/attacks.ts';
import { ENGINES, elsewhereMissing, Lab } from '../fixtures/containers.ts';
import {
  type LeashRequest,
  type LeashResult,
  Place,
  POLICY,
  runLeash,
  sessionsOf,
  startLeash,
} from '../fixtures/leash.ts';

/** `node` is the manager's own first process, `outer` the first of the agent's container. */
const VICTIMS = ['leash', 'node', 'warden', 'outer', 'agent'] as const;
const engines = ENGINES.map((name) => ({ name, missing: elsewhereMissing(name) }));
const HEART = 'i=0; while :; do i=$((i+1)); echo $i > beat; sleep 0.05; done';
/** Runs the rest in a folder that only it sees. */
const IN_PRIVATE = [
  'unshare',
  '-m',
  'sh',
  '-c',
  'mount -t tmpfs none "$PWD" && cd "$PWD" && mkdir ws && cd ws && exec "$@"',
  'sh',
];

function children(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => {
      try {
        return readFileSync(`/proc/${each}/status`, 'utf8').includes(`\nPPid:\t${pid}\n`);
      } catch {
        return false;
      }
    });
}

describe.each(engines)('$name', { timeout: 180_000 }, ({ name, missing }) => {
  let lab: Lab;
  let image: string;
  let attacks: Attacks;
  let place: Place;
  beforeAll(async () => {
    if (missing !== undefined) return;
    attacks = new Attacks(['find-manager']);
    lab = await Lab.openElsewhere(name);
    image = lab.image('plain');
  }, 240_000);
  afterAll(async () => {
    attacks?.remove();
    await lab?.close();
  });
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
    place = new Place();
  });
  afterEach(() => {
    if (missing !== undefined) return;
    const left = [lab.containers(), lab.volumes()];
    lab.clear();
    place.remove();
    expect(left).toEqual([[], []]);
  });

  const request = (command: readonly string[], more: Partial<LeashRequest> = {}): LeashRequest => ({
    policy: POLICY,
    ...more,
    command,
    env: { ...lab.env, ...more.env },
    args: ['--backend', name, '--image', image, ...(more.args ?? [])],
  });
  const sh = (script: string, more: Partial<LeashRequest> = {}): Promise<LeashResult> =>
    runLeash(place, request(['sh', '-c', script], more));
  const pidOf = (container: string): number =>
    Number(lab.run('inspect', '--format', '{{.State.Pid}}', container).stdout.trim());
  const beat = (): string => {
    const file = path.join(place.workspace, 'beat');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  /** A session whose agent works. */
  const start = async (more: Partial<LeashRequest> = {}): Promise<{ child: ChildProcess; container: string }> => {
    const child = startLeash(place, request(['sh', '-c', HEART], more));
    child.stdout?.resume();
    child.stderr?.resume();
    while (beat() === '') await sleep(20);
    return { child, container: lab.containers().find((each) => !each.endsWith('-manager')) ?? '' };
  };

  test('the agent has its workspace, its streams and its status; the journal is here, and its own', async () => {
    place.write('vault/secret', 'canary');
    const { status, stdout, stderr, events, session } = await sh(
      'cat; pwd; cat vault/secret; echo made > made; echo loud >&2; cat /etc/resolv.conf; exit 7',
      { input: 'from outside\n' },
    );
    expect(status, stderr).toBe(7);
    expect(stdout.toString()).toMatch(`from outside\n${place.workspace}\nnameserver 127.0.0.1\n`);
    expect(stderr).toContain('loud\n');
    expect(readFileSync(path.join(place.workspace, 'made'), 'utf8')).toBe('made\n');
    expect(events.filter(({ effect }) => effect === 'deny').map(({ action }) => action)).toContain('FileOpenReadOnly');
    const dir = path.join(place.home, '.local/state/leash/sessions', session ?? '');
    const info = readSessionInfo(dir);
    expect([info.backend, info.exitCode]).toEqual([name, 7]);
    expect(readFileSync(path.join(dir, 'denials'), 'utf8')).toContain('vault/secret');
    expect(readdirSync(path.join(place.home, '.local/state/leash/managers'))).toEqual([]);
  });

  test('as root of the image it finds, signals, traces and reaches nothing of its manager, and cannot end it', async () => {
    attacks.put(place, 'find-manager');
    const folders = '/var/lib/leash /var/lib/leash/state/leash/sessions';
    const { stdout, session } = await sh(`id -u; ./find-manager ${folders}; echo on`);
    const lines = new Set(stdout.toString().split('\n'));
    expect([...lines].sort()).toEqual(['', '0', 'done', 'saw ./find-manager', 'saw /run/leash/entry', 'saw sh']);
    const info = readSessionInfo(path.join(place.home, '.local/state/leash/sessions', session ?? ''));
    expect(info.ended).toBeDefined();
  });

  test('what /proc says of the machine cannot be changed, and the engine’s own /proc is gone', async () => {
    const { stdout, stderr } = await sh(
      'for f in /proc/sys/kernel/hostname /proc/sysrq-trigger; do echo x > $f || echo kept; done 2>/dev/null; wc -c < /proc/kcore 2>/dev/null || echo covered; grep -c " /proc proc" /proc/mounts; grep ^Cap /proc/self/status',
      { policy: 'permit(principal, action, resource);', args: ['--mode', 'shadow'] },
    );
    expect(stdout.toString(), stderr).toMatch(/^kept\nkept\ncovered\n1\n/);
    expect(stdout.toString().match(/^Cap\w+:\t0000000000000000$/gm)).toHaveLength(5);
  });

  test('keys, variables and policy are on no command line and in no record of the engine', async () => {
    const { child, container } = await start({
      env: { OPENAI_API_KEY: 'canary-of-the-key-0123456789', GIVEN: 'canary-given' },
      args: ['--env', 'GIVEN'],
    });
    const said = lab.run('inspect', container, `${container}-manager`).stdout;
    expect(said).toContain(`${container}-manager`);
    expect(said).not.toMatch(/canary|no-forbidden/);
    const inside = pidOf(container);
    for (const pid of [inside, ...children(inside)])
      expect(
        readFileSync(`/proc/${pid}/environ`, 'latin1') + readFileSync(`/proc/${pid}/cmdline`, 'latin1'),
      ).not.toContain('canary');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const id = sessionsOf(place).at(-1) ?? '';
    const info = readSessionInfo(path.join(place.home, '.local/state/leash/sessions', id));
    expect([info.pid, sessionState(info)]).toEqual([child.pid, 'running']);
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
  });

  test.each(VICTIMS)(
    'all ends when the process "%s" is killed, and the next session takes away what is left',
    async (victim) => {
      const { child, container } = await start();
      const ended = new Promise((resolve) => child.once('close', resolve));
      const manager = pidOf(`${container}-manager`);
      const outer = pidOf(container);
      const victims = {
        leash: child.pid,
        node: manager,
        warden: children(manager)[0],
        outer,
        agent: children(children(outer)[0] ?? 0)[0],
      };
      const pid = victims[victim] ?? 0;
      expect(pid).toBeGreaterThan(1);
      process.kill(pid, 'SIGKILL');
      await ended;
      await expect.poll(() => lab.running(), { timeout: 50_000, interval: 200 }).toEqual([]);
      // A `leash` that lives removes everything; podman leaves the manager's container to the next.
      const left = victim === 'leash' && name === 'podman' ? [`${container}-manager`] : [];
      await expect.poll(() => lab.containers(), { timeout: 50_000, interval: 200 }).toEqual(left);
      const last = beat();
      await sleep(200);
      expect(beat()).toBe(last);
      const events = path.join(place.home, '.local/state/leash/sessions', sessionsOf(place).at(-1) ?? '');
      expect(readdirSync(events).some((file) => file.startsWith('events-'))).toBe(true);
      if (victim === 'leash') expect((await sh('true')).status).toBe(0);
    },
  );

  test('what cannot be is refused in a line, and nothing is left', async () => {
    const home = await sh('true', { workspace: place.home });
    expect(home.stderr).toContain('LEASH_WORKSPACE');
    for (const option of ['--review', '--publish=8080', '--detach'])
      expect((await sh('true', { args: [option] })).stderr, option).toContain('LEASH_USAGE');
    const hidden = path.join(place.root, 'hidden');
    mkdirSync(hidden);
    const absent = await sh('true', { workspace: hidden, by: IN_PRIVATE });
    expect(absent.stderr).toContain(`LEASH_WORKSPACE: the engine's machine has no ${hidden}/ws`);
    expect(readdirSync(path.join(place.home, '.local/state/leash/managers'))).toEqual([]);
  });

  test('a user who may only speak to docker is the agent’s user, and the journal is that user’s', async (context) => {
    if (name === 'podman') context.skip('an ordinary user’s podman needs no manager');
    const socket = lab.socket.slice('unix://'.length);
    chmodSync(path.dirname(socket), 0o755);
    chmodSync(socket, 0o666);
    place.remove();
    place = new Place('user');
    const { status, stdout, stderr, session } = await sh('id -u; echo made > made', {
      env: { DOCKER_HOST: lab.socket },
    });
    expect([status, stdout.toString()], stderr).toEqual([0, '65534\n']);
    expect(statSync(path.join(place.workspace, 'made')).uid).toBe(65_534);
    const dir = path.join(place.home, '.local/state/leash/sessions', session ?? '');
    for (const file of ['', ...readdirSync(dir)]) expect(statSync(path.join(dir, file)).uid, file).toBe(65_534);
  });
});
