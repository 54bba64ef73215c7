// The manager without a journal, without descriptors, with a fault of its own or a damaged cache: the agent is stopped, or nothing changes.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import {
  eventsOf,
  finished,
  IDENTITIES,
  type LeashResult,
  leashCommand,
  Place,
  POLICY,
  runLeash,
  sessionsOf,
  startLeash,
} from '../fixtures/leash.ts';
import { killSession, remains } from '../fixtures/session-processes.ts';

type End = Pick<LeashResult, 'status' | 'signal' | 'stdout' | 'stderr'>;

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['toil']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('the manager of %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    attacks.put(place, 'toil');
    place.write('vault/secret', 'TOP SECRET');
  });
  afterEach(() => {
    killSession(place);
    place.remove();
  });

  const made = (): number => {
    const folder = path.join(place.workspace, 'made');
    return existsSync(folder) ? readdirSync(folder).length : 0;
  };
  const sessions = (): string => path.join(place.home, '.local/state/leash/sessions');
  const over = async (end: Promise<End>): Promise<End> => {
    const result = await end;
    await expect.poll(() => remains(place), { timeout: 50_000, interval: 20 }).toEqual([]);
    expect(readdirSync(path.join(place.workspace, 'vault'))).toEqual(['secret']);
    return result;
  };
  const work = (env: Readonly<Record<string, string>> = {}, processes = 20): Promise<End> =>
    finished(startLeash(place, { policy: POLICY, command: ['./toil', 'work', String(processes), 'made'], env }));
  const working = async (): Promise<void> => {
    await expect.poll(made, { timeout: 50_000, interval: 5 }).toBeGreaterThan(50);
  };

  it('ends the session when the disk of the journal is full', async () => {
    const command = leashCommand(place, { policy: POLICY, command: ['./toil', 'work', '20', 'made'] });
    const state = path.join(place.root, 'state');
    mkdirSync(state);
    // A small file system where one may be mounted, else the largest file that one may write: the system's word is another.
    const script = `mount -t tmpfs -o size=200k,mode=777 tmpfs ${state} && cd "$0" && exec "$@"`;
    const [program = '', ...args] =
      process.getuid?.() === 0 && as === 'self'
        ? ['unshare', '--mount', 'sh', '-c', script, place.workspace, ...command]
        : ['prlimit', '--fsize=500000', ...command];
    const child = spawn(program, args, {
      cwd: place.workspace,
      env: {
        ...place.environment,
        XDG_STATE_HOME: program === 'unshare' ? state : path.join(place.home, '.local/state'),
      },
    });
    const { status, stderr } = await over(finished(child));
    expect(status).toBe(125);
    expect(stderr).toMatch(/LEASH_JOURNAL_WRITE: cannot write the journal in .* \((ENOSPC|EFBIG)\)/);
    if (program === 'prlimit') expect((await eventsOf(place)).length).toBeGreaterThan(100);
  });

  it('ends the session when its journal is removed', async () => {
    const end = work();
    await working();
    rmSync(path.join(sessions(), sessionsOf(place)[0] ?? 'none'), { recursive: true });
    const { status, stderr } = await over(end);
    expect(status).toBe(125);
    expect(stderr).toMatch(/LEASH_JOURNAL_WRITE/);
  });

  it('goes on in a journal that is moved, and says at its end that the record of the session has no place', async () => {
    const script = 'echo begun; read x; for i in 1 2 3; do cat vault/secret; done; exit 0';
    const child = startLeash(place, { policy: POLICY, command: ['sh', '-c', script] });
    let said = '';
    child.stdout?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    const end = finished(child);
    await expect.poll(() => said, { timeout: 50_000 }).toBe('begun\n');
    const [id = ''] = sessionsOf(place);
    renameSync(path.join(sessions(), id), path.join(sessions(), `${id}-moved`));
    child.stdin?.end('\n');
    const { status, stderr } = await over(end);
    expect(status).toBe(125);
    expect(stderr).toMatch(/LEASH_JOURNAL_WRITE: cannot write the journal in .* \(ENOENT\)/);
    const denied = (await eventsOf(place)).filter(({ effect }) => effect === 'deny');
    expect(denied).toHaveLength(3);
  });

  it.each([
    ['an exception that nobody caught', 'throw new Error("planted")'],
    ['a rejection that nobody handled', 'void Promise.reject(new Error("planted"))'],
  ])('ends the session at %s', async (_what, fault) => {
    const module = `setInterval(() => { if (require("node:fs").existsSync(process.env.PLANTED)) { ${fault}; } }, 5)`;
    const file = place.write(path.join(place.root, 'planted.cjs'), module);
    const signal = path.join(place.root, 'now');
    const end = work({ NODE_OPTIONS: `--require=${file}`, PLANTED: signal });
    await working();
    writeFileSync(signal, '');
    const { status, stderr } = await over(end);
    expect([status, stderr]).toEqual([125, expect.stringMatching(/^leash: internal error: planted/m)]);
    await eventsOf(place);
  });

  it.each([24, 28, 32, 40, 64])('with %d descriptors works, or says in one line why not', async (limit) => {
    const command = leashCommand(place, { policy: POLICY, command: ['./toil', 'mix', '5'] });
    const child = spawn('prlimit', [`--nofile=${limit}`, ...command], { cwd: place.workspace, env: place.environment });
    const { status, signal, stderr } = await over(finished(child));
    expect(signal).toBeNull();
    if (status !== 0)
      expect([status, stderr]).toEqual([
        125,
        expect.stringMatching(/^leash: LEASH_HOST_EXHAUSTED: .*\n( {2}hint: .*\n)?$/),
      ]);
    if (limit === 64) expect(status).toBe(0);
  });

  it('makes a compiled policy anew that is damaged, cut or empty', async () => {
    const run = (): Promise<LeashResult> => runLeash(place, { policy: POLICY, command: ['cat', 'vault/secret'] });
    const judged = async (): Promise<void> => {
      const { stdout, stderr } = await run();
      expect([stdout.toString(), stderr]).toEqual(['', expect.stringMatching(/Permission denied/)]);
    };
    await judged();
    const folder = path.join(place.home, '.cache/leash/policy');
    const entries = readdirSync(folder).map((name) => path.join(folder, name));
    expect(entries).not.toEqual([]);
    const whole = entries.map((file) => readFileSync(file));
    for (let n = 0; n < 4; n++) {
      entries.forEach((file, index) => {
        const bytes = Buffer.from(whole[index] ?? []);
        const at = randomInt(bytes.length);
        if (n === 2) truncateSync(file, at);
        else if (n === 3) truncateSync(file, 0);
        else writeFileSync(file, bytes.fill((bytes[at] ?? 0) ^ (1 << randomInt(8)), at, at + 1));
      });
      await judged();
      expect(
        entries.map((file) => readFileSync(file).equals(whole[entries.indexOf(file)] ?? Buffer.alloc(0))),
      ).toContain(true);
    }
  });
});
