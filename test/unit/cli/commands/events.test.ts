import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { segmentName } from '../../../../src/journal/segment.ts';
import type { JournalWriter } from '../../../../src/journal/writer.ts';
import { numbered, openSample, SESSION_ID, sampleEvent, temporaryFolder } from '../../journal/sample-session.ts';
import { type Outcome, runLeash } from '../run-leash.ts';

const END = { ended: 1, exitCode: 0 } as const;
const DENIAL = sampleEvent({
  effect: 'deny',
  resource: { type: 'path', path: '/etc/shadow' },
  policies: ['no-secrets'],
});

interface State {
  readonly root: string;
  readonly dir: string;
  readonly journal: JournalWriter;
}

function openState(): State {
  const root = temporaryFolder();
  const dir = path.join(root, 'leash', 'sessions', SESSION_ID);
  return { root, dir, journal: openSample(dir) };
}

/** Three files read, one denied, one program; the session has ended. */
async function endedState(): Promise<State> {
  const state = openState();
  for (const number of [0, 1, 2]) state.journal.append(numbered(number));
  state.journal.append(DENIAL);
  state.journal.append(
    sampleEvent({ action: 'ProcessExec', resource: { type: 'path', path: '/bin/ls' }, shadow: 'deny' }),
  );
  await state.journal.close(END);
  return state;
}

function events(state: State, ...args: readonly string[]): Outcome {
  return runLeash(['events', ...args], { XDG_STATE_HOME: state.root });
}

function sequence(outcome: Outcome): number[] {
  return outcome.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).seq);
}

test('one line an event, in order, without colours in a pipe', async () => {
  const { status, stdout, stderr } = events(await endedState());
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[3]).toMatch(/✗ denied +12 \/usr\/bin\/cat +FileOpenReadOnly \/etc\/shadow — by no-secrets$/);
  expect(stdout).not.toContain('\u001b');
});

test('with --json each line is the event with its session and number', async () => {
  const { stdout } = events(await endedState(), '--json', '--denied', '--action', 'FileOpenReadOnly');
  expect(JSON.parse(stdout)).toEqual({ session: SESSION_ID, seq: 3, ...DENIAL });
});

test.each([
  [['--denied'], [3, 4]],
  [['--action', 'ProcessExec'], [4]],
  [
    ['--action', 'ProcessExec', '--action', 'FileOpenReadOnly'],
    [0, 1, 2, 3, 4],
  ],
  [['--action', 'NetConnect'], []],
  [
    ['--limit', '2'],
    [3, 4],
  ],
  [['--limit', '0'], []],
  [
    ['-n', '99'],
    [0, 1, 2, 3, 4],
  ],
  [['--limit', '1', '--action', 'FileOpenReadOnly'], [3]],
  [
    ['--session', SESSION_ID],
    [0, 1, 2, 3, 4],
  ],
  [
    ['-s', 'k3f9'],
    [0, 1, 2, 3, 4],
  ],
])('%j shows events %j', async (args, expected) => {
  expect(sequence(events(await endedState(), '--json', ...args))).toEqual(expected);
});

test.each(['x', '-1', '1.5', ''])('--limit=%s is refused', async (limit) => {
  expect(events(await endedState(), `--limit=${limit}`)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--limit needs a number'),
  });
});

test('an unknown session, and none at all', async () => {
  expect(events(await endedState(), '-s', 'nosuch')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('LEASH_SESSION_UNKNOWN'),
  });
  const empty = runLeash(['events'], { XDG_STATE_HOME: temporaryFolder() });
  expect(empty).toMatchObject({ status: 1, stderr: expect.stringContaining('there are no sessions in') });
});

test('a damaged journal is shown up to the damage, which is then told', async () => {
  const state = await endedState();
  const file = path.join(state.dir, segmentName(1));
  writeFileSync(file, readFileSync(file, 'utf8').replace('/file-2', '/file-X'));
  const { status, stdout, stderr } = events(state);
  expect(status).toBe(1);
  expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  expect(stderr).toMatch(
    /^leash: LEASH_JOURNAL_CORRUPT: events-000001\.jsonl line 4: .*\n {2}Intact: 3 events \(0 to 2\)\.\n {2}hint: /,
  );
});

test('a session that crashed says so, and how much is unfinished', () => {
  const root = temporaryFolder();
  const dir = path.join(root, 'leash', 'sessions', SESSION_ID);
  const writerModule = fileURLToPath(new URL('../../../../dist/journal/writer.js', import.meta.url));
  const script = `
    const { openJournal } = await import(${JSON.stringify(writerModule)});
    const info = { v: 1, id: ${JSON.stringify(SESSION_ID)}, command: ['x'], workspace: '/', user: 'u', mode: 'enforce', engine: 'seccomp',
      backend: 'bubblewrap', policy: 'p', started: 0, pid: process.pid };
    openJournal(${JSON.stringify(dir)}, info, { onError() {} }).append(${JSON.stringify(DENIAL)});
    process.kill(process.pid, 'SIGKILL');`;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal).toBe('SIGKILL');
  appendFileSync(path.join(dir, segmentName(1)), '{"seq":1');
  for (const args of [['--json'], ['--json', '--follow']]) {
    const outcome = runLeash(['events', ...args], { XDG_STATE_HOME: root });
    expect(sequence(outcome)).toEqual([0]);
    expect(outcome.stderr).toMatch(/did not end properly: .* The last 8 bytes are an unfinished event/);
  }
});

test('--follow shows what comes and ends with the session', async () => {
  const state = openState();
  const { spawn } = await import('node:child_process');
  const main = fileURLToPath(new URL('../../../../dist/run/main.js', import.meta.url));
  const child = spawn(process.execPath, [main, 'events', '--json', '--follow', '--limit', '1'], {
    env: { PATH: process.env['PATH'], XDG_STATE_HOME: state.root },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const seen: number[] = [];
    state.journal.append(numbered(0));
    state.journal.append(DENIAL);
    let rest = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        seen.push(JSON.parse(line).seq);
        if (seen.length < 4) state.journal.append(numbered(seen.length));
        else if (seen.length === 4) await state.journal.close(END);
      }
    }
    // The limit keeps the last event of those there were; later ones all come.
    expect(seen).toEqual([1, 2, 3, 4]);
  } finally {
    child.kill('SIGKILL');
  }
});

test('a pipe that closes early is no failure', async () => {
  const state = openState();
  for (let number = 0; number < 5_000; number += 1) state.journal.append(numbered(number));
  await state.journal.close(END);
  const main = fileURLToPath(new URL('../../../../dist/run/main.js', import.meta.url));
  const script = '{ "$0" "$1" events; echo "status $?" >&2; } | head -n 1';
  const { stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, main], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], XDG_STATE_HOME: state.root },
  });
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr).toBe('status 0\n');
});
