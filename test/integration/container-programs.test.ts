// Sessions in containers that people come back to: left alone, attached to, given further commands, reached at published ports; nobody gains by it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ENGINES, engineMissing, Lab } from '../fixtures/containers.ts';
import {
  eventsOf,
  finished,
  type LeashRequest,
  type LeashResult,
  leashCommand,
  Place,
  POLICY,
  runLeash,
  startLeash,
} from '../fixtures/leash.ts';
import { ask, freePort, INSIDE, named } from '../fixtures/published.ts';
import { killSession, processOf, remains } from '../fixtures/session-processes.ts';

const DRIVER = fileURLToPath(new URL('../fixtures/terminal.py', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));
const DETACH = '\x10\x11';
const engines = ENGINES.map((name) => ({ name, missing: engineMissing(name) }));

describe.each(engines)('$name', { timeout: 120_000 }, ({ name, missing }) => {
  let lab: Lab;
  let plain: string;
  let place: Place;
  beforeAll(async () => {
    if (missing !== undefined) return;
    lab = await Lab.open(name);
    plain = lab.image('plain');
  }, 120_000);
  afterAll(() => lab?.close());
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
    place = new Place();
    place.write('vault/secret', 'canary');
  });
  afterEach(async () => {
    if (missing !== undefined) return;
    killSession(place);
    await expect.poll(() => lab.containers(), { timeout: 50_000, interval: 200 }).toEqual([]);
    place.remove();
  });

  const request = (script: string, args: readonly string[] = []): LeashRequest => ({
    policy: POLICY,
    command: ['sh', '-c', script],
    env: lab.env,
    args: ['--backend', name, '--image', plain, '--env', `SESSION_MARK=${place.mark}`, ...args],
    journal: false,
  });
  /** A command of Leash about the session that runs. */
  const leash = (...args: string[]): Promise<LeashResult> => runLeash(place, { command: [], args, journal: false });
  const exec = (script: string, ...options: string[]): Promise<LeashResult> =>
    leash('exec', ...options, 'latest', '--', 'sh', '-c', script);
  /** Left alone; the session's id. */
  const begin = async (script: string, args: readonly string[] = []): Promise<string> => {
    const { status, stdout, stderr } = await runLeash(place, request(script, ['-d', ...args]));
    expect([status, stderr]).toEqual([0, args.length === 0 ? '' : stderr]);
    return stdout.toString().trim();
  };
  const drive = (command: readonly string[], steps: readonly unknown[]): unknown => {
    const { stdout, stderr } = spawnSync('python3', [DRIVER, ...command], {
      input: JSON.stringify(steps),
      cwd: place.workspace,
      env: { ...place.environment, ...lab.env, TERM: 'xterm-256color' },
      encoding: 'utf8',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };

  test('left alone without a terminal: watched to its end, its last words kept', async () => {
    const id = await begin('echo one; echo loud >&2; read x; echo "$?"; sleep 3; echo two; exit 7');
    const words = 'one\nloud\n1\ntwo\n';
    const live = await leash('attach');
    expect([live.status, live.stdout.toString()]).toEqual([7, words]);
    await expect.poll(() => remains(place), { timeout: 50_000 }).toEqual([]);
    const late = await leash('attach', id);
    expect([late.status, late.stdout.toString()]).toEqual([7, words]);
  });

  test('left alone on a terminal: it controls it, and is seen, resized, used, left, and seen again', async () => {
    const script =
      'trap "echo changed" WINCH; trap "echo told; exit 9" INT; echo here; while :; do stty size 2>/dev/null; sleep 0.2; done';
    const begun = drive(leashCommand(place, request(script, ['-d'])), []);
    expect(begun).toMatchObject({ status: 0, text: expect.stringMatching(/^\d{8}-\d{6}-\w{4}\r\n/) });
    const attach = [process.execPath, MAIN, 'attach'];
    const first = [
      ['expect', 'Ctrl-P Ctrl-Q detaches'],
      ['expect', '^here'],
      ['resize', 33, 101],
      ['expect', '^changed'],
      ['expect', '^33 101'],
      ['send', DETACH],
      ['expect', 'detached; come back with  leash attach'],
    ];
    expect(drive(attach, first)).toMatchObject({ failed: null, status: 0 });
    const second = [
      ['expect', '^33 101'],
      ['send', '\x03'],
      ['expect', 'told'],
    ];
    expect(drive(attach, second)).toMatchObject({ failed: null, status: 9 });
  });

  test.each([
    ['no such command', 'true', ['nonesuch'], 127, /LEASH_COMMAND_NOT_FOUND/],
    ['no such image', 'none', ['true'], 125, /LEASH_IMAGE: there is no image none here/],
  ])('says as without -d why it does not run: %s', async (_what, image, command, status, message) => {
    const args = ['--backend', name, '--image', image === 'none' ? image : plain, '-d'];
    const result = await runLeash(place, { policy: POLICY, command, env: lab.env, args, journal: false });
    expect([result.status, result.stdout.toString()]).toEqual([status, '']);
    expect(result.stderr).toMatch(message);
  });

  test('a command beside the agent: its own streams and status, its rules, and no more rights; it is recorded', async () => {
    await begin('sleep 300');
    const script =
      'echo out; echo err >&2; cat vault/secret; for p in /proc/[0-9]*; do test $p = /proc/1 || grep -hE "^(CapPrm|NoNewPrivs|Seccomp):" $p/status; done | sort -u; exit 5';
    const { status, stdout, stderr } = await exec(script);
    expect([status, stderr]).toEqual([5, "err\ncat: can't open 'vault/secret': Permission denied\n"]);
    expect(stdout.toString()).toBe('out\nCapPrm:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n');
    const big = 'x'.repeat(3_000_000);
    const args = ['exec', '-i', 'latest', '--', 'cat'];
    const fed = await runLeash(place, { command: [], args, input: big, journal: false });
    expect(fed.stdout.toString() === big).toBe(true);
    const denied = await leash('exec', 'latest', '--', './forbidden');
    expect([denied.status, denied.stderr]).toEqual([127, expect.stringContaining('LEASH_COMMAND_NOT_FOUND')]);
    const events = await eventsOf(place);
    expect(named(events, 'SessionExec')).toContainEqual(
      expect.objectContaining({ detail: { argv: ['sh', '-c', script] } }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ action: 'FileOpenReadOnly', effect: 'deny', policies: ['no-forbidden'] }),
    );
  });

  test('a command on a terminal of its own, beside the agent', async () => {
    await begin('sleep 300');
    const shell = drive(
      [process.execPath, MAIN, 'exec', '-it', 'latest', 'sh'],
      [
        ['resize', 31, 99],
        ['expect', '[#$] '],
        ['send', 'stty size; echo $TERM; sh -c "sleep 1; echo u\'\'p; exec sleep 100"\n'],
        ['expect', '^31 99'],
        ['expect', '^xterm-256color'],
        ['expect', '^up\r\n'],
        ['send', '\x03'],
        ['expect', '[#$] '],
        ['send', 'echo back; exit 6\n'],
        ['expect', '^back'],
      ],
    );
    expect(shell).toMatchObject({ failed: null, status: 6 });
  });

  test.each(['warden', 'leash'] as const)(
    'with the %s killed, agent and command end, and nothing is left',
    async (who) => {
      await begin('while :; do date +%N >beat; sleep 0.05; done');
      const beside = startLeash(place, { command: [], args: ['exec', 'latest', '--', 'sleep', '300'] });
      const end = finished(beside);
      await expect.poll(() => existsSync(path.join(place.workspace, 'beat')), { timeout: 50_000 }).toBe(true);
      await sleep(500);
      const warden = processOf(place, 'warden');
      process.kill((who === 'warden' ? warden?.pid : warden?.parent) ?? 0, 'SIGKILL');
      expect((await end).status).toBe(125);
      const left = (): string[] => remains(place).filter((line) => !line.endsWith('gate.sock'));
      await expect.poll(left, { timeout: 50_000 }).toEqual([]);
      const beat = (): string => readFileSync(path.join(place.workspace, 'beat'), 'utf8');
      const last = beat();
      await sleep(300);
      expect(beat()).toBe(last);
    },
  );

  test('published ports lead to programs inside, with -P those it opens itself; both are recorded', async () => {
    const port = await freePort();
    const serve = `while :; do nc -l -p ${INSIDE} -e tr a-z A-Z; done`;
    await begin(`${serve} & sleep 2; nc -l -p 80 & while :; do nc -l -p 22000 -e cat; done`, [
      '-P',
      '-p',
      `${port}:${INSIDE}`,
    ]);
    const long = 'abc'.repeat(50_000);
    await expect.poll(() => ask(port, long), { timeout: 50_000 }).toBe(long.toUpperCase());
    const found = async (): Promise<string> => (await leash('ps')).stdout.toString();
    await expect.poll(found, { timeout: 50_000 }).toMatch(/127\.0\.0\.1:\d+:22000/);
    const shown = await found();
    expect(shown).toContain(`127.0.0.1:${port}:${INSIDE}`);
    expect(shown).not.toMatch(/:80\b/);
    const other = Number(/127\.0\.0\.1:(\d+):22000/.exec(shown)?.[1]);
    expect(await ask(other, 'as it is')).toBe('as it is');
    const processes = await exec('cat /proc/[0-9]*/comm');
    expect(processes.stdout.toString()).not.toContain('leash-warden');
    expect((await leash('stop')).status).toBe(0);
    const events = await eventsOf(place);
    expect(named(events, 'PortPublish')).toHaveLength(2);
    expect(named(events, 'PortConnect')).toContainEqual(
      expect.objectContaining({
        effect: 'allow',
        detail: expect.objectContaining({ port: INSIDE, bytes_in: long.length }),
      }),
    );
    expect(await ask(port, 'x')).toBe('ECONNREFUSED');
  });

  test('all ends when the process that dials is killed', async () => {
    const port = await freePort();
    await begin('sleep 300', ['-p', `${port}:${INSIDE}`]);
    const warden = processOf(place, 'warden')?.pid;
    const children = readFileSync(`/proc/${warden}/task/${warden}/children`, 'utf8').trim().split(' ');
    const dialer = children.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'leash-warden');
    const status = readFileSync(`/proc/${dialer}/status`, 'utf8');
    expect(status).toMatch(/^CapPrm:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    process.kill(Number(dialer), 'SIGKILL');
    await expect.poll(() => remains(place), { timeout: 50_000 }).toEqual([]);
    expect(await ask(port, 'x')).toBe('ECONNREFUSED');
  });
});
