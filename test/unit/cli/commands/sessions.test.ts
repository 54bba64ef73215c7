import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { numbered, openSample, sampleInfo, temporaryFolder } from '../../journal/sample-session.ts';
import { runLeash } from '../run-leash.ts';

const IDS = ['20261124-090000-aaaa', '20261125-142233-k3f9'] as const;

async function stateWithSessions(): Promise<{ readonly root: string; readonly sessions: string }> {
  const root = temporaryFolder();
  const sessions = path.join(root, 'leash', 'sessions');
  const ended = openSample(path.join(sessions, IDS[0]), { id: IDS[0], command: ['sh', '-c', 'evil \u001b[2J'] });
  ended.append(numbered(0));
  await ended.close({ ended: 1, exitCode: 3 });
  openSample(path.join(sessions, IDS[1]), { id: IDS[1] });
  return { root, sessions };
}

test('a table, newest first, with the state of each session', async () => {
  const { root } = await stateWithSessions();
  const { status, stdout, stderr } = runLeash(['sessions'], { XDG_STATE_HOME: root });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [heading, first, second] = stdout.split('\n').map((line) => line.split(/ {2,}/));
  expect(heading).toEqual(['SESSION', 'STATE', 'STARTED', 'EXIT', 'ALLOWED', 'DENIED', 'MODE', 'COMMAND']);
  expect(first).toEqual([
    IDS[1],
    'running',
    expect.stringMatching(/^2026-11-2\d \d\d:\d\d$/),
    '-',
    '-',
    '-',
    'enforce',
    'claude -p fix it',
  ]);
  expect(second).toMatchObject([
    IDS[0],
    'ended',
    expect.any(String),
    '3',
    '1',
    '0',
    'enforce',
    'sh -c evil \\u001b[2J',
  ]);
});

test('with --json each line is the record and its state', async () => {
  const { root } = await stateWithSessions();
  const lines = runLeash(['sessions', '--json'], { XDG_STATE_HOME: root }).stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { ...sampleInfo({ id: IDS[1] }), state: 'running' },
    { id: IDS[0], state: 'ended', exitCode: 3 },
  ]);
});

test('a record that cannot be read is told, not hidden', async () => {
  const { root, sessions } = await stateWithSessions();
  mkdirSync(path.join(sessions, '20261126-000000-zzzz'));
  const { status, stderr } = runLeash(['sessions'], { XDG_STATE_HOME: root });
  expect(status).toBe(0);
  expect(stderr).toBe('leash: the record of session 20261126-000000-zzzz cannot be read; it is not listed.\n');
});

test('without sessions there is no table', () => {
  expect(runLeash(['sessions'], { XDG_STATE_HOME: temporaryFolder() })).toEqual({
    status: 0,
    stdout: '',
    stderr: 'leash: there are no sessions yet; start one with `leash -- <command>`.\n',
  });
});
