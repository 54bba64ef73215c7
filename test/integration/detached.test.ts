// Agents that are left alone: begun with -d, seen and used by `leash attach`, and gone without a trace, whoever dies.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  asIdentity,
  finished,
  IDENTITIES,
  type LeashResult,
  leashCommand,
  PERMISSIVE,
  Place,
  runLeash,
  sessionsOf,
  startLeash,
} from '../fixtures/leash.ts';
import { killSession, processOf, remains, sessionProcesses } from '../fixtures/session-processes.ts';

const DRIVER = fileURLToPath(new URL('../fixtures/terminal.py', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));
const DETACH = '\x10\x11';

type Step = readonly ['send' | 'expect', string] | readonly ['resize', number, number];

describe.each(IDENTITIES)('left alone, as %s', (as) => {
  let place: Place;
  let others: ChildProcess[];
  beforeEach(() => {
    place = new Place(as);
    others = [];
  });
  afterEach(() => {
    for (const child of others) child.kill('SIGKILL');
    killSession(place);
    place.remove();
  });

  const state = (): string => path.join(place.home, '.local/state/leash');
  const folder = (): string => path.join(state(), 'sessions', sessionsOf(place).at(-1) ?? 'none');
  const begin = (command: readonly string[], policy = PERMISSIVE): Promise<LeashResult> =>
    runLeash(place, { policy, command, args: ['-d'], journal: false });
  const attach = (): Promise<LeashResult> => runLeash(place, { command: [], args: ['attach'], journal: false });
  const gone = (): Promise<void> =>
    expect.poll(() => remains(place), { timeout: 50_000, interval: 20 }).toEqual([]) as Promise<void>;
  const manager = (): number | undefined =>
    sessionProcesses(place).find(({ command }) => command[2]?.endsWith('run/manager.js'))?.pid;
  const drive = (command: readonly string[], steps: readonly Step[]): Record<string, unknown> => {
    const { stdout, stderr } = spawnSync('python3', [DRIVER, ...command], {
      input: JSON.stringify(steps),
      cwd: place.workspace,
      env: { ...place.environment, TERM: 'xterm-256color' },
      encoding: 'utf8',
      timeout: 110_000,
      killSignal: 'SIGKILL',
    });
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const attaching = [...asIdentity(as), process.execPath, MAIN, 'attach'];
  /** Says what size it has, and what it is told to. */
  const echoes = [
    process.execPath,
    '-e',
    `const out = process.stdout, size = () => console.log('size ' + out.rows + ' ' + out.columns);
     out.on('resize', size); size(); process.stdin.setRawMode(true);
     process.stdin.on('data', (b) => { console.log('got ' + b.toString('hex')); if (String(b) === 'q') process.exit(9); });`,
  ];

  it('a file of variables is the agent’s, and says nothing to Leash', async () => {
    place.write('variables', 'LEASH_MODE=record\nNODE_OPTIONS=--require=./none.cjs\n');
    const args = ['-d', '--env-file', 'variables'];
    const { status, stderr } = await runLeash(place, { command: ['true'], args, journal: false });
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(readFileSync(path.join(folder(), 'session.json'), 'utf8'))).toMatchObject({ mode: 'enforce' });
  });

  it('prints the id when the agent runs; it is watched to its end, and its last words are kept', async () => {
    const { status, stdout, stderr } = await begin([
      'sh',
      '-c',
      'echo one; read x; echo "$?"; sleep 2; echo two; exit 7',
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.toString()).toBe(`${sessionsOf(place).at(-1)}\n`);
    expect(statSync(path.join(folder(), 'gate.sock')).mode & 0o777).toBe(0o600);
    // Without a terminal its standard input is at its end.
    const live = await attach();
    expect([live.status, live.stdout.toString()]).toEqual([7, 'one\n1\ntwo\n']);
    await gone();
    const late = await attach();
    expect([late.status, late.stdout.toString(), late.stderr]).toEqual([
      7,
      'one\n1\ntwo\n',
      expect.stringMatching(/has ended; this is what its agent wrote last\n$/),
    ]);
    expect(readFileSync(path.join(folder(), 'complaints'), 'utf8')).toMatch(/operations allowed/);
    expect(existsSync(path.join(folder(), 'gate.sock'))).toBe(false);
  });

  it.each([
    ['no such command', ['nonesuch'], PERMISSIVE, 127, /LEASH_COMMAND_NOT_FOUND/],
    ['a wrong policy', ['true'], 'permit(', 125, /LEASH_POLICY_INVALID/],
    ['a command that is denied', ['true'], 'permit(principal, action == Action::"FileOpen", resource);', 126, /DENIED/],
  ])('says as without -d why it does not run: %s', async (_what, command, policy, status, message) => {
    const result = await begin(command, policy);
    expect([result.status, result.stdout.toString()]).toEqual([status, '']);
    expect(result.stderr).toMatch(message);
    await gone();
    expect(existsSync(state()) ? readdirSync(state()).filter((name) => name.startsWith('starting')) : []).toEqual([]);
  });

  it('on a terminal: seen, resized, used, left, and seen again', async () => {
    const begun = drive(leashCommand(place, { policy: PERMISSIVE, command: echoes, args: ['-d'] }), []);
    expect(begun).toMatchObject({ status: 0, text: expect.stringMatching(/^\d{8}-\d{6}-\w{4}\r\n/) });
    const wrapper = ['sh', '-c', '"$@"; echo "status $?"; stty -a | grep -oE -- "-?(icanon|echo|isig)\\b"', 'sh'];
    const first = drive(
      [...wrapper, ...attaching],
      [
        ['expect', 'Ctrl-P Ctrl-Q detaches'],
        ['expect', '^size '],
        ['resize', 33, 101],
        ['expect', '^size 33 101'],
        ['send', '\x03\x10'],
        ['send', 'x'],
        ['expect', '^got 03'],
        ['expect', '10\\r?\\n?(got )?78'],
        ['send', DETACH],
        ['expect', 'detached; come back with  leash attach'],
        ['expect', '^status 0'],
        ['expect', '^isig\\s+icanon\\s+echo'],
      ],
    );
    expect(first).toMatchObject({ failed: null, status: 0 });
    const second = drive(attaching, [
      ['expect', 'got 03'],
      ['send', 'q'],
    ]);
    expect(second).toMatchObject({ failed: null, status: 9 });
    await gone();
  });

  it('/dev/tty is the terminal, also of a program whose streams are not: so passwords are asked for', async () => {
    const asks = ['sh', '-c', '(read x; echo "typed $x" >/dev/tty) </dev/tty >out 2>&1; sleep 300'];
    drive(leashCommand(place, { policy: PERMISSIVE, command: asks, args: ['-d'] }), []);
    const seen = drive(attaching, [
      ['expect', 'Ctrl-P Ctrl-Q detaches'],
      ['send', 'secret\n'],
      ['expect', '^typed secret'],
      ['send', DETACH],
    ]);
    expect(seen).toMatchObject({ failed: null, status: 0 });
  });

  it.each([
    ['TERM', 143],
    ['HUP', 129],
  ])('the terminal is restored when the one who attached is ended by SIG%s', (signal, status) => {
    drive(leashCommand(place, { policy: PERMISSIVE, command: echoes, args: ['-d'] }), []);
    const file = path.join(place.tmp, 'pid');
    const inner = ['sh', '-c', `echo $$ >${file}; exec "$@"`, 'sh', ...attaching];
    const script = `(sleep 2; kill -${signal} $(cat ${file}); rm ${file}) & "$@"; echo "status $?"; stty -a | grep -oE -- "-?icanon"`;
    const shown = drive(
      ['sh', '-c', script, 'sh', ...inner],
      [
        ['expect', '^size '],
        ['expect', `status ${status}`],
        ['expect', '^icanon'],
      ],
    );
    expect(shown).toMatchObject({ failed: null, status: 0 });
    expect(manager()).toBeDefined();
  });

  it.each(['manager', 'warden', 'agent'] as const)(
    'when the %s is killed, nothing remains, and who watches is told',
    async (who) => {
      await begin(['sh', '-c', 'echo up; sleep 100; true']);
      const watching = startLeash(place, { command: [], args: ['attach'] });
      others.push(watching);
      const end = finished(watching);
      let shown = '';
      watching.stdout?.on('data', (text: Buffer) => {
        shown += text.toString();
      });
      await expect.poll(() => shown, { timeout: 50_000 }).toContain('up');
      const pid = who === 'manager' ? manager() : processOf(place, who)?.pid;
      if (pid === undefined) throw new Error(`there is no ${who}`);
      process.kill(pid, 'SIGKILL');
      const { status, stderr } = await end;
      expect(status).toBe(who === 'agent' ? 137 : 125);
      if (who !== 'agent') expect(stderr).toMatch(who === 'warden' ? /LEASH_ENGINE_LOST/ : /LEASH_SESSION_OVER/);
      await expect
        .poll(() => remains(place).filter((line) => !line.endsWith('gate.sock')), { timeout: 50_000, interval: 20 })
        .toEqual([]);
    },
  );

  it('who attaches and does not read holds up nobody', async () => {
    await begin(['sh', '-c', 'sleep 2; head -c 30000000 /dev/zero; echo done >made; sleep 100']);
    const [file = '', ...args] = [...attaching];
    const stopped = spawn(file, args, {
      cwd: place.workspace,
      env: place.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    others.push(stopped);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    stopped.kill('SIGSTOP');
    await expect.poll(() => existsSync(path.join(place.workspace, 'made')), { timeout: 50_000 }).toBe(true);
    const [head = ''] = sessionProcesses(place).filter(({ pid }) => pid === manager());
    expect(head).not.toBe('');
    const rss = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${manager()}/status`, 'utf8'))?.[1]);
    expect(rss).toBeLessThan(300_000);
  });

  it('from inside nobody gets to the gate, whatever path is known', async () => {
    const script = `
import os, socket, sys
path = sys.argv[1]
for name in (path, "/proc/1/root" + path, "/proc/self/root" + path):
    s = socket.socket(socket.AF_UNIX)
    try:
        s.connect(name); print("CONNECTED", flush=True)
    except OSError as error:
        print("refused", flush=True)`;
    await begin(['sleep', '300']);
    const id = sessionsOf(place).at(-1) ?? '';
    const direct = await runLeash(place, {
      command: [],
      args: ['exec', id, '--', 'python3', '-c', script, path.join(folder(), 'gate.sock')],
      journal: false,
    });
    expect(direct.stdout.toString()).toBe('refused\n'.repeat(3));
  });
});

it('of a session on its own terminal `attach` says what there is to do, and of none that there is none', async () => {
  const place = new Place();
  try {
    expect(await runLeash(place, { command: [], args: ['attach'], journal: false })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/LEASH_SESSION_UNKNOWN/),
    });
    const child = startLeash(place, { policy: PERMISSIVE, command: ['cat'] });
    const end = finished(child);
    await expect
      .poll(
        () =>
          existsSync(path.join(place.home, '.local/state/leash/sessions', sessionsOf(place)[0] ?? '-', 'gate.sock')),
        {
          timeout: 50_000,
        },
      )
      .toBe(true);
    expect(await runLeash(place, { command: [], args: ['attach'], journal: false })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/LEASH_NOT_ATTACHABLE: .*\n.*leash exec/),
    });
    child.stdin?.end();
    expect((await end).status).toBe(0);
  } finally {
    killSession(place);
    place.remove();
  }
});
