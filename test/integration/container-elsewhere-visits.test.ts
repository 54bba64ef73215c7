// A session beside an engine elsewhere in; that people answer, visit and stop it without any socket of their own kernel's, and that its agent gains nothing by it, out.
import { type ChildProcess, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../fixtures/asking.ts';
import { Attacks } from '../fixtures/attacks.ts';
import { ENGINES, elsewhereMissing, Lab } from '../fixtures/containers.ts';
import { ask, freePort, served, tokenOf } from '../fixtures/control.ts';
import {
  eventsOf,
  finished,
  type LeashResult,
  Place,
  POLICY,
  runLeash,
  sessionsOf,
  startLeash,
} from '../fixtures/leash.ts';

const DRIVER = fileURLToPath(new URL('../fixtures/terminal.py', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));
const SOCKETS = '/var/lib/leash/sockets';
const ASKING = `${POLICY} @id("ask") @ask("May it?")
forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name like "asked*" };`;
const engines = ENGINES.map((name) => ({ name, missing: elsewhereMissing(name) }));

/** Command lines of a container's processes, by its first. */
function programsBeside(first: number): string[] {
  const space = readlinkSync(`/proc/${first}/ns/pid`);
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const isThere = /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/pid`) === space;
      return isThere ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()] : [];
    } catch {
      return [];
    }
  });
}

describe.each(engines)('$name', { timeout: 180_000 }, ({ name, missing }) => {
  let lab: Lab;
  let image: string;
  let attacks: Attacks;
  let place: Place;
  let child: ChildProcess | undefined;
  let over: ReturnType<typeof finished> | undefined;
  let said = '';
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
    said = '';
  });
  afterEach(async () => {
    if (missing !== undefined) return;
    child?.kill('SIGTERM');
    await over;
    child = undefined;
    const left = [lab.containers(), lab.volumes()];
    lab.clear();
    place.remove();
    expect(left).toEqual([[], []]);
  });

  /** A session whose agent has said its first line. */
  const begin = async (script: string, env: Readonly<Record<string, string>> = lab.env): Promise<void> => {
    const args = ['--backend', name, '--image', image, '--ask-timeout', '600'];
    child = startLeash(place, { policy: ASKING, command: ['sh', '-c', `echo up; ${script}`], env, args });
    child.stdout?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    over = finished(child);
    await expect.poll(() => said, { timeout: 60_000 }).toContain('up\n');
  };
  /** It is told nothing of the engine. */
  const leash = (args: readonly string[], input = '', env = {}): Promise<LeashResult> =>
    runLeash(place, { command: [], args, input, env, journal: false });
  /** The gate opens a moment after the agent has begun. */
  const exec = async (command: readonly string[], options: readonly string[] = [], input = ''): Promise<LeashResult> =>
    eventually('the gate', async () => {
      const result = await leash(['exec', ...options, 'latest', '--', ...command], input);
      return /cannot be reached \(ENOENT\)/.test(result.stderr) ? undefined : result;
    });
  const manager = (): number => {
    const container = lab.containers().find((each) => each.endsWith('-manager')) ?? '';
    return Number(lab.run('inspect', '--format', '{{.State.Pid}}', container).stdout.trim());
  };
  const relays = (): number => programsBeside(manager()).filter((words) => words.includes('/relay.js')).length;
  const question = (file: string): Promise<string> =>
    eventually(`a question about ${file}`, async () => {
      const { stdout } = await leash(['approvals']);
      return new RegExp(`^(\\w{6})  May it\\?\\n  what .*/${file}$`, 'm').exec(stdout.toString())?.[1];
    });

  test('as root of the image the agent finds nothing of those who visit it, and no socket of its manager’s', async () => {
    attacks.put(place, 'find-manager');
    await begin(
      `until test -e go; do sleep 0.1; done; ./find-manager ${SOCKETS} ${path.dirname(SOCKETS)}; echo on; sleep 60`,
    );
    const visitor = startLeash(place, {
      command: [],
      args: ['exec', 'latest', '--', 'sh', '-c', 'echo in; exec sleep 1234'],
    });
    const left = finished(visitor);
    await eventually('the visitor', () => (relays() > 0 ? true : undefined));
    await leash(['approvals']);
    place.write('go', '');
    await expect.poll(() => said, { timeout: 60_000 }).toContain('done\n');
    visitor.kill('SIGKILL');
    await left;
    const own = ['saw ./find-manager', 'saw /run/leash/entry', 'saw sh', 'saw sleep'];
    expect([...new Set(said.split('\n'))].filter((line) => line !== 'on').sort()).toEqual(['', 'done', ...own, 'up']);
  });

  test('no socket lies where the host shows it; a command beside the agent has streams, status, rules, and is recorded', async () => {
    place.write('vault/secret', 'canary');
    await begin('sleep 300');
    const script = 'echo out; echo err >&2; cat; cat vault/secret; exit 5';
    const { status, stdout, stderr } = await exec(['sh', '-c', script], ['-i'], 'typed\x10\x11more\n');
    expect([status, stdout.toString()], stderr).toEqual([5, 'out\ntyped\x10\x11more\n']);
    expect(stderr).toBe("err\ncat: can't open 'vault/secret': Permission denied\n");
    const big = 'x'.repeat(3_000_000);
    const fed = await exec(['cat'], ['-i'], big);
    expect([fed.status, fed.stdout.toString() === big]).toEqual([0, true]);
    expect((await exec(['nonesuch'])).stderr).toContain('LEASH_COMMAND_NOT_FOUND');
    const files = readdirSync(place.home, { recursive: true, withFileTypes: true });
    expect(files.filter((file) => file.isSocket() && file.name !== 'hub.sock')).toEqual([]);
    expect((await eventsOf(place)).filter(({ action }) => action === 'SessionExec')).toHaveLength(3);
    const attached = await leash(['attach']);
    expect([attached.status, attached.stderr.split('\n')[0]]).toEqual([
      1,
      'leash: LEASH_NOT_ATTACHABLE: the agent has the terminal that it was started on',
    ]);
    await expect.poll(relays, { timeout: 50_000 }).toBe(0);
  });

  test('a command on a terminal of its own; one whose visitor is killed is hung up, and no relay stays', async () => {
    await begin('sleep 300');
    await exec(['true']);
    const words = [process.execPath, MAIN, 'exec', '-it', 'latest', 'sh'];
    const { stdout } = spawnSync('python3', [DRIVER, ...words], {
      input: JSON.stringify([
        ['resize', 31, 99],
        ['expect', '[#$] '],
        ['send', 'stty size; test -t 1 && echo tt""y; sh -c "sleep 1; echo u\'\'p; exec sleep 100"\n'],
        ['expect', '\\b31 99\r\n'],
        ['expect', '^tty\r\n'],
        ['expect', '^up\r\n'],
        ['send', '\x03'],
        ['expect', '[#$] '],
        ['send', 'exit 6\n'],
      ]),
      cwd: place.workspace,
      env: { ...place.environment, TERM: 'xterm-256color' },
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect(JSON.parse(stdout)).toMatchObject({ failed: null, status: 6 });
    const script = 'trap "echo hung > hung; exit" HUP; echo in; while :; do sleep 0.1; done';
    const visitor = startLeash(place, { command: [], args: ['exec', 'latest', '--', 'sh', '-c', script] });
    await new Promise((resolve) => visitor.stdout?.once('data', resolve));
    expect(relays()).toBe(1);
    visitor.kill('SIGKILL');
    await expect.poll(() => existsSync(path.join(place.workspace, 'hung')), { timeout: 50_000 }).toBe(true);
    await expect.poll(relays, { timeout: 50_000 }).toBe(0);
  });

  test('questions are listed, refused and approved; nothing is kept for always; and the session is stopped', async () => {
    for (const file of ['asked1', 'asked2']) place.write(file, `${file}\n`);
    await begin('cat asked1; cat asked2; cat asked2; echo on; sleep 300');
    expect(await leash(['deny', await question('asked1')])).toMatchObject({ status: 0, stderr: '' });
    const id = await question('asked2');
    const always = await leash(['approve', id, '--always']);
    expect([always.status, always.stderr.split('\n')[0]]).toEqual([
      1,
      'leash: LEASH_NOT_KEPT: with an engine elsewhere nothing is approved for always',
    ]);
    expect((await leash(['ps'])).stdout.toString()).toMatch(/ enforce +1 /);
    expect(await leash(['approve', id, '--session'])).toMatchObject({ status: 0, stderr: '' });
    await expect.poll(() => said, { timeout: 60_000 }).toBe('up\nasked2\nasked2\non\n');
    const visitor = startLeash(place, {
      command: [],
      args: ['exec', 'latest', '--', 'sh', '-c', 'echo in; sleep 1234'],
    });
    const left = finished(visitor);
    await new Promise((resolve) => visitor.stdout?.once('data', resolve));
    const stopped = await leash(['stop']);
    expect([stopped.status, stopped.stdout.toString().trim()]).toEqual([0, sessionsOf(place).at(-1)]);
    expect((await over)?.status).toBe(143);
    expect(await left).toMatchObject({ status: 125, stderr: expect.stringContaining('LEASH_SESSION_OVER') });
  });

  test('the control API answers questions and changes the policy, through one relay for all it asks', async () => {
    place.write('asked', 'asked\n');
    place.write('other', 'other\n');
    const port = await freePort();
    const hub = startLeash(place, { command: [], args: ['ui', '--listen', String(port)], env: { BROWSER: 'true' } });
    const gone = finished(hub);
    try {
      await served(port);
      await begin('cat asked; until test -e go; do sleep 0.1; done; cat other || echo no; sleep 300');
      const token = tokenOf(place);
      const root = `/api/v1/sessions/${sessionsOf(place).at(-1)}`;
      const id = await eventually('the question', async () => {
        const { body } = await ask(port, '/api/v1/questions', { token });
        return (body as { questions: { question: { id: string } }[] }).questions[0]?.question.id;
      });
      const word = { effect: 'allow', scope: 'always' };
      const kept = await ask(port, `${root}/questions/${id}`, { method: 'POST', token, body: word });
      expect([kept.status, kept.text]).toEqual([409, expect.stringContaining('LEASH_NOT_KEPT')]);
      const answer = await ask(port, `${root}/questions/${id}`, {
        method: 'POST',
        token,
        body: { ...word, scope: 'once' },
      });
      expect(answer.status, answer.text).toBe(200);
      await expect.poll(() => said, { timeout: 60_000 }).toContain('asked\n');
      expect(relays()).toBe(1);
      const view = await ask(port, `${root}/policy`, { token });
      const text = `${ASKING} @id("no-other") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name == "other" };`;
      const edit = { method: 'PUT', token, headers: { 'If-Match': String(view.headers['etag']) } };
      const written = await ask(port, `${root}/policy`, { ...edit, body: { text, keep: true } });
      expect([written.status, written.text]).toEqual([409, expect.stringContaining('LEASH_NOT_KEPT')]);
      const edited = await ask(port, `${root}/policy`, { ...edit, body: { text, keep: false } });
      expect(edited.status, edited.text).toBe(200);
      place.write('go', '');
      await expect.poll(() => said, { timeout: 60_000 }).toContain('no\n');
    } finally {
      hub.kill('SIGTERM');
      await gone;
    }
    await expect.poll(relays, { timeout: 50_000 }).toBe(0);
  });

  test('neither the workspace nor a variable chooses the engine or its client', async () => {
    await begin('sleep 300');
    for (const file of [name, 'node']) place.write(file, '#!/bin/sh\necho "$@" > chosen\n', 0o755);
    place.write('.env', 'DOCKER_HOST=tcp://127.0.0.1:1\n');
    const misled = {
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      CONTAINER_HOST: 'tcp://127.0.0.1:1',
      PATH: `${place.workspace}:/bin`,
    };
    await exec(['true']);
    const { status, stderr } = await leash(['exec', 'latest', '--', 'true'], '', misled);
    expect([status, stderr]).toEqual([0, '']);
    expect(existsSync(path.join(place.workspace, 'chosen'))).toBe(false);
    const records = path.join(place.home, '.local/state/leash/managers');
    const refusal = async (): Promise<readonly [number | null, string]> => {
      const refused = await leash(['exec', 'latest', '--', 'true']);
      return [refused.status, refused.stderr.split('\n')[0] ?? ''];
    };
    // What others may write is not followed.
    chmodSync(records, 0o777);
    expect(await refusal()).toEqual([1, expect.stringMatching(/LEASH_SESSION_UNREACHABLE: .* was not followed/)]);
    chmodSync(records, 0o700);
    // An engine that is not there any more.
    const file = path.join(records, readdirSync(records)[0] ?? '');
    const record = readFileSync(file, 'utf8');
    writeFileSync(file, record.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
    expect(await refusal()).toEqual([
      1,
      expect.stringMatching(/LEASH_SESSION_UNREACHABLE: .* cannot be reached \(.*onnect/),
    ]);
    writeFileSync(file, record);
  });

  test('a user who may only speak to docker has all of it, too', async (context) => {
    if (name === 'podman') context.skip('an ordinary user’s podman needs no manager');
    const socket = lab.socket.slice('unix://'.length);
    chmodSync(path.dirname(socket), 0o755);
    chmodSync(socket, 0o666);
    place.remove();
    place = new Place('user');
    place.write('asked', 'asked\n');
    await begin('cat asked; sleep 300', { DOCKER_HOST: lab.socket });
    expect((await leash(['approve', await question('asked')])).status).toBe(0);
    expect((await exec(['id', '-u'])).stdout.toString()).toBe('65534\n');
    expect((await leash(['stop'])).status).toBe(0);
  });
});
