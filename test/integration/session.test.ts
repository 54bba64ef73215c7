import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../src/schema/event.ts';
import {
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
    await expect.poll(() => remains(place), { timeout: 50_000 }).toEqual([]);
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

  it('a FIFO whose writer is gone before its reader looks still has what was written', async () => {
    const script = 'mkfifo pipe; i=0; while [ $i -lt 300 ]; do (echo $i >pipe) & cat pipe; i=$((i+1)); done | wc -l';
    expect((await sh(script)).stdout.toString().trim()).toBe('300');
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

  it('what a person must allow is refused while nobody can be asked, with the question', async () => {
    place.write('notes.txt', 'x');
    const ask = '@id("ask-delete") @ask("Delete it?") forbid(principal, action == Action::"FileDelete", resource);';
    const { stderr, events } = await run(['rm', 'notes.txt'], { policy: `${PERMISSIVE} ${ask}` });
    expect(stderr).toContain('Permission denied');
    expect(shown(events, 'notes.txt').find(({ action }) => action === 'FileDelete')).toMatchObject({
      effect: 'deny',
      enforced: true,
      ask: 'Delete it?',
      reason: 'a person must agree, and nobody was asked: Delete it?',
      policies: ['ask-delete'],
      error: 'EACCES',
    });
  });

  it('a connection that a person must allow is refused, with the question', async () => {
    const ask = '@id("ask-net") @ask("Call home?") forbid(principal, action in Action::"NetworkConnect", resource);';
    const { events } = await run(['bash', '-c', 'exec 3<>/dev/tcp/198.51.100.7/80'], {
      policy: `permit(principal, action, resource); ${ask}`,
    });
    expect(events.find(({ action }) => action === 'NetConnect')).toMatchObject({ effect: 'deny', ask: 'Call home?' });
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
