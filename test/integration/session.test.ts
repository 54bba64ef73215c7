// One whole run: exit statuses, signals, verdicts in each mode, the events, and what is said when something is wrong.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src/engine/wire.ts';
import { WIRE_TYPE } from '../../src/engine/wire-layout.ts';
import type { Event } from '../../src/schema/event.ts';
import {
  eventsOf,
  finished,
  IDENTITIES,
  type LeashRequest,
  type LeashResult,
  PERMISSIVE,
  Place,
  POLICY,
  runLeash,
  sessionsOf,
  startLeash,
} from '../fixtures/leash.ts';
import { remains, sessionProcesses } from '../fixtures/session-processes.ts';

const NATIVE = fileURLToPath(new URL('../../native/', import.meta.url));

let place: Place;
afterEach(() => {
  for (const { pid } of sessionProcesses(place)) process.kill(pid, 'SIGKILL');
  place.remove();
});

const run = (command: readonly string[], more: Partial<LeashRequest> = {}): Promise<LeashResult> =>
  runLeash(place, { policy: PERMISSIVE, command, ...more });
const sh = (script: string, more: Partial<LeashRequest> = {}): Promise<LeashResult> => run(['sh', '-c', script], more);

describe.each(IDENTITIES)('as %s', (as) => {
  beforeEach(() => {
    place = new Place(as);
  });

  it.each([
    ['the status of the command', 'exit 7', 7],
    ['128 + n for a signal', 'kill -KILL $$', 137],
    ['a signal the program chose', 'kill -ALRM $$', 142],
    ['success', ':', 0],
  ])('passes on %s', async (_what, script, status) => {
    expect((await sh(script)).status).toBe(status);
  });

  it.each([
    ['no such command', 'absent-command', 127, 'LEASH_COMMAND_NOT_FOUND'],
    ['a command that is not executable', './plain', 126, 'LEASH_COMMAND_NOT_EXECUTABLE'],
    ['a command of no known format', './data', 126, 'LEASH_COMMAND_NOT_EXECUTABLE'],
  ])('%s', async (_what, command, status, code) => {
    place.write('plain', '#!/bin/sh\n');
    place.write('data', '\x01\x02\x03\x04', 0o755);
    const result = await run([command]);
    expect(result.status).toBe(status);
    expect(result.stderr).toMatch(new RegExp(`^leash: ${code}: `, 'm'));
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s to leash reaches the agent, and ends the session',
    async (signal) => {
      const child = startLeash(place, {
        policy: PERMISSIVE,
        command: ['sh', '-c', `trap "echo got; exit 9" ${signal.slice(3)}; echo ready; while :; do sleep 0.02; done`],
      });
      child.stdout?.once('data', () => child.kill(signal));
      const { status, stdout } = await finished(child);
      expect(stdout.toString()).toBe('ready\ngot\n');
      expect(status).toBe(9);
      expect(remains(place)).toEqual([]);
    },
  );

  it('an agent that ignores the request to end is ended after a while, with all it left in the background', async () => {
    const child = startLeash(place, {
      policy: PERMISSIVE,
      command: [
        'sh',
        '-c',
        'trap "" TERM; setsid sh -c "while :; do sleep 0.1; done" & echo ready; while :; do sleep 0.1; done',
      ],
    });
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    const { status } = await finished(child);
    expect(status).not.toBe(0);
    await expect.poll(() => remains(place), { timeout: 2_000 }).toEqual([]);
  });

  it('daemons do not outlive the agent', async () => {
    const script = `setsid sh -c 'exec >/dev/null 2>&1 </dev/null; trap "" HUP TERM; while :; do date +%N >beat; done' & while ! test -s beat; do :; done; exit 3`;
    const { status } = await sh(script);
    expect(status).toBe(3);
    expect(remains(place)).toEqual([]);
    const last = readFileSync(path.join(place.workspace, 'beat'), 'utf8');
    expect(readFileSync(path.join(place.workspace, 'beat'), 'utf8')).toBe(last);
  });

  it('opening a FIFO holds only who opens it, and may be given up', async () => {
    const script = `mkfifo pipe; cat pipe & c=$!; for i in $(seq 50); do cat /dev/null; done; kill -KILL $c; wait $c; echo "killed $?"
      (echo through >pipe) & cat pipe; cat pipe & sleep 0.1; echo end; exit 0`;
    const { stdout, status } = await sh(script);
    expect(stdout.toString()).toBe('killed 137\nthrough\nend\n');
    expect(status).toBe(0);
    expect(remains(place)).toEqual([]);
  });

  it('2,000 forks and 200 opens at once', async () => {
    place.write(
      'many.sh',
      'i=0; while [ $i -lt 2000 ]; do (:); i=$((i+1)); done; i=0; while [ $i -lt 200 ]; do (read x <file; echo $x >>out) & i=$((i+1)); done; wait; wc -l <out',
    );
    place.write('file', 'x\n');
    const { stdout, stderr, status } = await run(['sh', 'many.sh']);
    expect(stderr.replaceAll(/^leash: .*\n/gm, '')).toBe('');
    expect([status, stdout.toString().trim()]).toEqual([0, '200']);
  });

  const shown = (events: readonly Event[], name: string): Event[] =>
    events.filter(({ resource, who }) => who !== undefined && JSON.stringify(resource).includes(name));

  it('every operation is recorded, with who, what, why and the error', async () => {
    place.write('forbidden.txt', 'secret');
    const script =
      'echo 1 >one; cat one; mv one two; ln two three; ln -s two four; chmod 600 two; rm three; mkdir dir; rmdir dir; truncate -s 0 two; cat forbidden.txt; cat absent; kill -0 1; exit 0';
    const { events, session } = await sh(script, { policy: POLICY });
    expect(sessionsOf(place)).toEqual([session]);
    const seen = (name: string): string[] =>
      shown(events, `${place.workspace}/${name}"`).map(({ action, effect, error }) =>
        [action, effect, error ?? 'ok'].join(' '),
      );
    expect(seen('one')).toEqual(['FileCreate allow ok', 'FileOpenReadOnly allow ok', 'FileRename allow ok']);
    expect(seen('two')).toEqual(expect.arrayContaining(['FileLink allow ok', 'FileSetAttr allow ok']));
    expect(seen('three')).toEqual(['FileDelete allow ok']);
    expect(seen('four')).toEqual(['FileCreate allow ok']);
    expect(seen('dir/')).toEqual(['FileCreate allow ok', 'FileDelete allow ok']);
    expect(seen('forbidden.txt')).toEqual(['FileOpenReadOnly deny EACCES']);
    const [denied] = shown(events, 'forbidden.txt');
    expect(denied).toMatchObject({
      who: { exe: '/usr/bin/cat', argv: ['cat', 'forbidden.txt'] },
      policies: ['no-forbidden'],
      reason: 'It is forbidden.',
      enforced: true,
      epoch: 1,
    });
    expect(events.findLast(({ who }) => who?.pid === denied?.who?.parent)?.who?.argv).toEqual(['sh', '-c', script]);
    expect(events.filter(({ action }) => action === 'ProcessExec').length).toBeGreaterThan(10);
    expect([events[0]?.action, events.at(-1)?.action]).toEqual(['SessionStart', 'SessionEnd']);
  });

  it('refused system calls are recorded by name', async () => {
    const { events, status } = await run(['unshare', '-U', 'true']);
    expect(status).not.toBe(0);
    expect(events.find(({ action }) => action === 'SystemCall')).toMatchObject({
      resource: { name: 'unshare' },
      effect: 'deny',
      error: 'EPERM',
    });
  });

  it.each(['shadow', 'record'] as const)('mode %s records a denial and lets it pass', async (mode) => {
    place.write('forbidden.txt', 'secret');
    const { stdout, events } = await run(['cat', 'forbidden.txt'], { policy: POLICY, mode });
    expect(stdout.toString()).toBe('secret');
    const [event] = shown(events, 'forbidden.txt');
    expect(event).toMatchObject({ effect: 'deny', enforced: false, policies: ['no-forbidden'] });
    expect(event).not.toHaveProperty('error');
  });

  it('a shadow policy says what it would do', async () => {
    place.write('notes.txt', 'x');
    const policy = `${PERMISSIVE} @id("keep") @mode("shadow") forbid(principal, action == Action::"FileDelete", resource);`;
    const { events } = await run(['rm', 'notes.txt'], { policy });
    expect(existsSync(path.join(place.workspace, 'notes.txt'))).toBe(false);
    expect(shown(events, 'notes.txt').find(({ action }) => action === 'FileDelete')).toMatchObject({
      effect: 'allow',
      shadow: 'deny',
    });
  });

  it('a rule about the program that asks holds for each one', async () => {
    place.write('notes.txt', 'text\n');
    const policy = `${PERMISSIVE} forbid(principal, action in Action::"FileOpen", resource) when { resource.name == "notes.txt" && context.proc.exe == File::"/usr/bin/cat" };`;
    const { stdout, stderr } = await sh('cat notes.txt; head -1 notes.txt', { policy });
    expect(stdout.toString()).toBe('text\n');
    expect(stderr).toContain('cat: notes.txt: Permission denied');
  });

  it('leaves nothing but its journal', async () => {
    expect((await sh('echo x >/tmp/x; echo y >"$HOME/y"')).status).toBe(0);
    expect(remains(place)).toEqual([]);
  });
});

describe('what is wrong is said in one line, with a code, and nothing is started', () => {
  beforeEach(() => {
    place = new Place();
  });

  const expectRefused = ({ status, stdout, stderr, session }: LeashResult, code: string, exit = 125): void => {
    expect([status, stdout.toString()]).toEqual([exit, '']);
    expect(stderr).toMatch(new RegExp(`^leash: ${code}: `));
    expect(stderr).not.toMatch(/\n\s+at |node:internal/);
    expect(session).toBeUndefined();
    expect(existsSync(path.join(place.workspace, 'started'))).toBe(false);
  };
  const command = ['touch', 'started'];

  it('an unknown option', async () => expectRefused(await run(command, { args: ['--frobnicate'] }), 'LEASH_USAGE'));
  it('no command', async () => expectRefused(await run([]), 'LEASH_COMMAND_MISSING'));
  it('a policy that is not there', async () =>
    expectRefused(await runLeash(place, { command, args: ['--policy', 'absent.cedar'] }), 'LEASH_POLICY_READ'));

  it('a broken policy: every fault, each with its place', async () => {
    const policy =
      'permit(principal, action == Action::"Nonsense", resource);\npermit(principal, action, resource) when { resource.nonsense };\n';
    const result = await run(command, { policy });
    expectRefused(result, 'LEASH_POLICY_INVALID');
    expect(result.stderr).toMatch(/policy\.cedar:1:\d+/);
    expect(result.stderr).toMatch(/policy\.cedar:2:\d+/);
  });

  it('a policy that stops the command itself', async () => {
    const policy = `${PERMISSIVE} @id("no-touch") forbid(principal, action == Action::"ProcessExec", resource) when { resource.name == "touch" };`;
    const result = await run(command, { policy });
    expectRefused(result, 'LEASH_COMMAND_DENIED', 126);
    expect(result.stderr).toContain('no-touch');
  });

  it.each([
    ['does not exist', 'absent'],
    ['is a file', 'file'],
    ['is the whole machine', '/'],
    ['holds the home', '..'],
    ['is a folder of the system', '/etc'],
  ])('a workspace that %s', async (_what, folder) => {
    place.write('file', '');
    expectRefused(await run(command, { args: ['-C', folder] }), 'LEASH_WORKSPACE');
  });

  it('a journal that was changed', async () => {
    const { session } = await run(['true']);
    const file = path.join(place.home, '.local/state/leash/sessions', session ?? '', 'events-000001.jsonl');
    expect(existsSync(file)).toBe(true);
    writeFileSync(file, readFileSync(file, 'utf8').replace('FileOpenReadOnly', 'FileOpenReadOnlx'));
    await expect(eventsOf(place)).rejects.toMatchObject({ code: 'LEASH_JOURNAL_CORRUPT' });
    const result = await runLeash(place, { command: [], args: ['events', '--session', session ?? ''], journal: false });
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/^leash: LEASH_JOURNAL_CORRUPT: /m);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  describe('native programs that cannot be trusted', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'leash-native-'));
      writeFileSync(path.join(folder, 'leash-entry'), '', { mode: 0o755 });
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const pretend = async (frame: Buffer): Promise<LeashResult> => {
      writeFileSync(path.join(folder, 'frame'), frame);
      writeFileSync(path.join(folder, 'leash-warden'), `#!/bin/sh\ncat ${folder}/frame >&3\nexec sleep 60\n`);
      chmodSync(path.join(folder, 'leash-warden'), 0o755);
      return run(command, { env: { LEASH_NATIVE_DIR: folder }, journal: false });
    };

    it.each([
      ['another version', 'LEASH_WIRE_VERSION', Buffer.from([0, 0, 0, 0, 20, 0, 9, 0])],
      ['an impossible length', 'LEASH_WIRE_RECORD', Buffer.from([255, 255, 255, 255, 20, 0, 1, 0])],
      ['a record too short', 'LEASH_WIRE_RECORD', encodeFrame(WIRE_TYPE.event, Buffer.alloc(4))],
      ['a record before the agent runs', 'LEASH_WIRE_RECORD', encodeFrame(WIRE_TYPE.event, Buffer.alloc(72))],
    ])('%s', async (_what, code, frame) => {
      const result = await pretend(frame);
      expect(result.status).toBe(125);
      expect(result.stderr).toMatch(new RegExp(`^leash: ${code}: `));
      expect(result.stderr).not.toMatch(/\n\s+at /);
    });

    it('none at all', async () => {
      rmSync(path.join(folder, 'leash-entry'));
      const result = await run(command, { env: { LEASH_NATIVE_DIR: folder }, journal: false });
      expect([result.status, result.stdout.length]).toEqual([125, 0]);
      expect(result.stderr).toMatch(/^leash: LEASH_(NATIVE_MISSING|HOST_INCOMPLETE): /);
    });
  });
});

describe('the warden with address and undefined-behaviour sanitizers', () => {
  let folder: string;
  beforeAll(() => {
    execFileSync('make', ['-s', '-C', NATIVE, 'asan'], { stdio: ['ignore', 'ignore', 'pipe'] });
    folder = mkdtempSync(path.join(tmpdir(), 'leash-asan-'));
    copyFileSync(path.join(NATIVE, 'build/leash-entry'), path.join(folder, 'leash-entry'));
    copyFileSync(path.join(NATIVE, 'build/asan/leash-warden'), path.join(folder, 'leash-warden'));
    mkdirSync(path.join(folder, 'reports'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    place = new Place();
  });

  it('reports nothing over a busy script', async () => {
    place.write('forbidden.txt', 'secret');
    const script = `for i in 1 2 3 4 5 6 7 8 9 10; do mkdir -p d/$i; echo $i >d/$i/f; cp d/$i/f d/$i/g; mv d/$i/g d/$i/h; ln d/$i/h d/$i/i; ln -s h d/$i/j; cat d/$i/j /proc/self/status >/dev/null
      cat forbidden.txt; chmod 600 d/$i/h; touch -d 2020-01-01 d/$i/h; truncate -s 1 d/$i/h; mv d/$i d/x$i; rm -r d/x$i; (echo a | cat) & done; wait; mkfifo p; (echo b >p) & cat p >/dev/null; exit 0`;
    const { status, stderr } = await sh(script, { policy: POLICY, env: { LEASH_NATIVE_DIR: folder } });
    expect(stderr).not.toMatch(/Sanitizer|runtime error/);
    expect(stderr.match(/Permission denied/g)).toHaveLength(10);
    expect(status).toBe(0);
  });
});
