import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { numbered, openSample, SESSION_ID, sampleEvent, temporaryFolder } from '../../../journal/sample-session.ts';
import { type Outcome, runLeash } from '../../run-leash.ts';

const ESCAPES = '/\u001b]0;owned\u0007\u009b2J\r\nx';

async function state(): Promise<{ dir: string; temporary: string; leash: (...args: string[]) => Outcome }> {
  const root = temporaryFolder();
  const dir = path.join(root, 'leash', 'sessions', SESSION_ID);
  const journal = openSample(dir);
  for (let number = 0; number < 30; number += 1) journal.append(numbered(number));
  journal.append(sampleEvent({ effect: 'deny', resource: { type: 'path', path: ESCAPES } }));
  await journal.close({ ended: 1, exitCode: 0 });
  const temporary = path.join(root, 'tmp');
  mkdirSync(temporary);
  const env = { XDG_STATE_HOME: root, TMPDIR: temporary };
  return { dir, temporary, leash: (...args) => runLeash(['events', ...args], env) };
}

test('events are found by filters, counted, and asked for with SQL', async () => {
  const { leash } = await state();
  const found = leash('query', '--resource', '/file-2*', '-n', '3', '--json');
  expect(found).toMatchObject({ status: 0, stderr: '' });
  expect(
    found.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).seq),
  ).toEqual([27, 28, 29]);
  expect(leash('query', '--resource', '/file-2*', '--count').stdout).toBe('11\n');
  expect(leash('query', '--since', '1d').stdout).toBe('');
  expect(leash('query', '--since', '2026-11-25', '--until', '2026-11-27', '--count').stdout).toBe('31\n');
  const sql = leash('query', '--sql', 'SELECT effect, count(*) AS n FROM events GROUP BY effect ORDER BY n');
  expect(sql).toEqual({ status: 0, stdout: 'effect  n\ndeny    1\nallow   30\n', stderr: '' });
  const rows = leash('query', '--sql', 'SELECT seq FROM events', '-n', '2', '--json');
  expect(rows.stdout).toBe('{"seq":0}\n{"seq":1}\n');
  expect(rows.stderr).toContain('there are more');
  expect(leash('reindex').stdout).toBe(`session ${SESSION_ID}: 31 events in the index\n`);
});

test('what the agent chose does not drive the terminal, in no form of output', async () => {
  const { leash } = await state();
  const forms = [
    ['--denied'],
    ['--denied', '--json'],
    ['--sql', 'SELECT resource, resource AS "\u001b[2J" FROM events WHERE effect = \'deny\''],
    ['--sql', "SELECT resource FROM events WHERE effect = 'deny'", '--json'],
  ];
  for (const form of forms) {
    const { status, stdout, stderr } = leash('query', ...form);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('owned');
    expect(stdout).not.toMatch(/[\u001b\u0007\u009b\r]/);
    expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  }
});

test('SQL changes nothing, writes nothing, and ends', async () => {
  const { dir, temporary, leash } = await state();
  leash('query', '--count');
  const [index, folder] = [readFileSync(path.join(dir, 'index.db')), readdirSync(dir)];
  const place = path.join(dir, 'stolen');
  // What is no SELECT never comes so far: see statement.test.ts.
  const refused = [
    'WITH x AS (SELECT 1) DELETE FROM events',
    `SELECT writefile('${place}', 'x')`,
    "SELECT readfile('/etc/passwd')",
    `SELECT load_extension('${place}')`,
    'SELECT zeroblob(2000000000)',
    'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c',
  ];
  for (const sql of refused) {
    const { status, stderr } = leash('query', '--timeout', '1', '--sql', sql);
    expect({ sql, status, stderr }).toEqual({
      sql,
      status: 1,
      stderr: expect.stringMatching(/^leash: LEASH_QUERY: .+\n.*hint/),
    });
  }
  expect(readdirSync(dir)).toEqual(folder);
  expect(readFileSync(path.join(dir, 'index.db')).equals(index)).toBe(true);
  expect(readdirSync(temporary)).toEqual([]);
});

test.each([
  [['--limit', 'x'], '--limit'],
  [['--since', 'yesterday'], '--since'],
  [['--until', '2026-99-99'], '--until'],
  [['--sql', 'SELECT 1', '--denied'], 'exclude each other'],
  [['--timeout', '3'], '--timeout is for --sql'],
  [['--action', 'Nothing'], '--action'],
])('%j is misuse', async (args, text) => {
  const { leash } = await state();
  expect(leash('query', ...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(text) });
});
