// Sessions listed, read, ended and deleted by the commands, as root and as an ordinary user; and what a kill leaves, removed.
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  asIdentity,
  finished,
  IDENTITIES,
  PERMISSIVE,
  Place,
  runLeash,
  sessionsOf,
  startLeash,
} from '../fixtures/leash.ts';
import { killSession, processOf, type Role, remains } from '../fixtures/session-processes.ts';

const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe.each(IDENTITIES)('sessions of %s', (as) => {
  let place: Place;
  let children: ChildProcess[] = [];
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    children = [];
    killSession(place);
    place.remove();
  });

  const leash = (...words: string[]): Outcome => {
    const [file = '', ...args] = [...asIdentity(as), process.execPath, MAIN, ...words];
    const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', env: place.environment });
    return { status, stdout, stderr };
  };
  const folder = (id: string): string => path.join(place.home, '.local/state/leash/sessions', id);

  /** A session whose agent has said `up`; its id, and its end. */
  const start = async (
    script: string,
    args: readonly string[] = [],
  ): Promise<{ id: string; end: ReturnType<typeof finished> }> => {
    const child = startLeash(place, { policy: PERMISSIVE, args, command: ['sh', '-c', `echo up; ${script}`] });
    children.push(child);
    const end = finished(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once('data', () => resolve());
      void end.then(({ stderr }) => reject(new Error(stderr)));
    });
    return { id: sessionsOf(place).at(-1) ?? '', end };
  };

  it('none: each command says so', () => {
    expect(leash('ps')).toEqual({
      status: 0,
      stdout: '',
      stderr: 'leash: no session runs; `leash sessions` lists those that have ended.\n',
    });
    expect(leash('stop')).toMatchObject({ status: 1, stderr: expect.stringContaining('no session runs') });
    expect(leash('stop', '--all')).toMatchObject({ status: 0, stdout: '' });
    expect(leash('rm', 'x')).toMatchObject({ status: 1, stderr: expect.stringContaining('there is no session') });
    expect(leash('rm', '--older-than', '1d')).toMatchObject({ status: 0, stdout: '' });
    expect(leash('logs')).toMatchObject({ status: 1 });
    expect(leash('ps', '--clean').status).toBe(0);
    for (const words of [
      ['rm'],
      ['rm', 'x', '--older-than', '1d'],
      ['rm', '--older-than', '1'],
      ['stop', '--all', 'x'],
    ])
      expect(leash(...words).stderr, words.join(' ')).toContain('LEASH_USAGE');
  });

  it('one that runs is listed with its ports, cannot be deleted, and is stopped', async () => {
    const { id, end } = await start('exec sleep 1000', ['-p', '3000']);
    const { stdout } = leash('ps');
    const [published = ''] = /127\.0\.0\.1:\d+:3000/.exec(stdout) ?? [];
    expect(published).not.toBe('');
    expect(stdout.split('\n')[1]?.split(/ {2,}/)).toEqual([
      id,
      String(processOf(place, 'leash')?.pid),
      expect.stringMatching(/^\d+ (s|min)$/),
      'enforce',
      '-',
      published,
      place.workspace,
      'sh -c echo up; exec sleep 1000',
    ]);
    expect(JSON.parse(leash('ps', '--json').stdout)).toMatchObject({ id, questions: 0, published: [published] });
    expect(leash('rm', id)).toMatchObject({ status: 1, stderr: expect.stringContaining('LEASH_SESSION_BUSY') });
    expect(leash('rm', '--older-than', '0h').stdout).toBe('');
    expect(leash('stop')).toEqual({ status: 0, stdout: `${id}\n`, stderr: '' });
    expect((await end).status).toBe(143);
    expect(leash('stop', id)).toMatchObject({ status: 1, stderr: expect.stringContaining('does not run') });
    expect(leash('rm', id.slice(-4))).toEqual({ status: 0, stdout: `${id}\n`, stderr: '' });
    expect(existsSync(folder(id))).toBe(false);
  });

  it('several are stopped by name or all at once, also one that ignores the request', async () => {
    const first = await start('exec sleep 1000');
    const deaf = await start("trap '' TERM; while :; do sleep 1; done");
    expect(leash('stop')).toMatchObject({ status: 1, stderr: expect.stringContaining('2 sessions run') });
    expect(leash('stop', first.id).stdout).toBe(`${first.id}\n`);
    expect((await first.end).status).toBe(143);
    expect(leash('stop', '--all').stdout).toBe(`${deaf.id}\n`);
    expect((await deaf.end).status).toBe(137);
    expect(remains(place)).toEqual([]);
  });

  it('what Leash said stands among the events, also of a quiet session, and is followed to the end', async () => {
    await runLeash(place, { policy: PERMISSIVE, args: ['-q', '-p', '3000'], command: ['cat', '/etc/hostname'] });
    const { stdout, status } = leash('logs');
    expect(status).toBe(0);
    const lines = stdout.split('\n');
    const at = (text: string): number => lines.findIndex((line) => line.includes(text));
    expect(at('leash: port 3000 inside is published at 127.0.0.1:')).toBe(0);
    expect(at('SessionStart')).toBeGreaterThan(0);
    const read = lines.findIndex((line) => /FileOpenReadOnly +\/etc\/hostname/.test(line));
    expect(read).toBeGreaterThan(at('SessionStart'));
    expect(at('SessionEnd')).toBeGreaterThan(read);
    const { id } = await start('read line; cat /etc/hostname');
    const follower = startLeash(place, { command: [], args: ['logs', '-f', id] });
    children.push(follower);
    const followed = finished(follower);
    children[0]?.stdin?.end('\n');
    expect((await followed).stdout.toString()).toMatch(/SessionStart[\s\S]*\/etc\/hostname[\s\S]*SessionEnd/);
  });

  it('records are deleted by age, those with changes that wait are not', async () => {
    await runLeash(place, { policy: PERMISSIVE, command: ['true'] });
    await runLeash(place, { policy: PERMISSIVE, command: ['true'] });
    const [kept = '', gone = ''] = sessionsOf(place);
    const changes = path.join(place.home, '.local/state/leash/changes', kept);
    for (const dir of [path.dirname(changes), changes]) {
      mkdirSync(dir);
      place.own(dir);
    }
    writeFileSync(path.join(changes, 'began'), '');
    expect(leash('rm', kept)).toMatchObject({ status: 1, stderr: expect.stringContaining('changes that wait') });
    expect(leash('rm', gone, kept).status).toBe(1);
    expect(sessionsOf(place)).toHaveLength(2);
    expect(leash('rm', '--older-than', '1h').stdout).toBe('');
    expect(leash('rm', '--older-than', '0h').stdout).toBe(`${gone}\n`);
    expect(sessionsOf(place)).toEqual([kept]);
  });

  const ROLES: readonly Role[] = ['leash', 'warden', 'outer bwrap', 'inner bwrap', 'agent'];
  it.each(ROLES)('after kill -9 of %s nothing runs, and --clean leaves nothing but the record', async (role) => {
    const { id, end } = await start('exec sleep 1000', ['-p', '3000']);
    writeFileSync(path.join(folder(id), 'door.sock'), '');
    process.kill(processOf(place, role)!.pid, 'SIGKILL');
    await end;
    await expect.poll(() => remains(place), { timeout: 50_000 }).toEqual([]);
    await expect.poll(() => leash('ps').stdout, { timeout: 50_000 }).toBe('');
    expect(leash('ps', '--clean').status).toBe(0);
    const state = path.join(place.home, '.local/state/leash');
    expect(readdirSync(state).filter((name) => name.startsWith('denials-'))).toEqual([]);
    if (role === 'leash') expect(readdirSync(folder(id))).not.toContain('door.sock');
    expect(leash('ps', '--clean')).toMatchObject({ status: 0, stdout: '' });
    expect(leash('rm', id).status).toBe(0);
  });
});
