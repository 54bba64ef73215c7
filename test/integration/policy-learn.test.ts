// A session records; what is suggested from it is enforced, lets the same session pass and denies another; and is tried on what was recorded.
import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LeashRequest, type LeashResult, PERMISSIVE, Place, POLICY, runLeash } from '../fixtures/leash.ts';
import type { Outcome } from './policy-command.ts';

const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));

let place: Place;
beforeEach(() => {
  place = new Place('self');
});
afterEach(() => place.remove());

function policy(...args: readonly string[]): Outcome {
  const env = { ...place.environment, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'policy', ...args], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

/** Reads, writes, links, renames over and deletes, by a script and its interpreter, and one name that tries to be a policy. */
const SCRIPT = `#!/bin/sh
set -e
mkdir -p out
for f in src/*; do cat "$f" >> out/all; done
mv out/all out/done
ln -f out/done out/again
rm out/again
echo x > 'name"); permit(principal, action, resource);'
`;

function folder(): void {
  for (const name of ['a', 'b', 'c']) place.write(`src/${name}.txt`, name);
  place.write('secret.txt', 'secret');
  place.write('work.sh', SCRIPT, 0o755);
}

async function run(request: LeashRequest): Promise<LeashResult & { readonly session: string }> {
  const result = await runLeash(place, request);
  if (result.session === undefined) throw new Error(`no session began: ${result.stderr}`);
  return { ...result, session: result.session };
}

test.each([[[]], [['--exact']]])(
  'what a session did is suggested (%j), enforced, complete, and nothing more',
  async (options: readonly string[]) => {
    folder();
    const learned = await run({ policy: PERMISSIVE, mode: 'record', command: ['./work.sh'] });
    expect(learned.status).toBe(0);
    const { status, stdout, stderr } = policy('suggest', learned.session, ...options);
    expect({ status, stderr: stderr.replace(/^leash: widened.*\n/gm, '') }).toEqual({ status: 0, stderr: '' });
    const same = await run({ policy: stdout, command: ['./work.sh'] });
    expect([same.status, same.events.filter(({ effect }) => effect === 'deny')]).toEqual([0, []]);
    for (const command of [
      ['cat', 'secret.txt'],
      ['touch', 'src/a.txt'],
    ]) {
      // A program that is not permitted is refused before a session begins.
      const other = await runLeash(place, { policy: stdout, command });
      expect([command, other.status === 0]).toEqual([command, false]);
    }
    const file = path.join(place.root, 'learned.cedar');
    writeFileSync(file, stdout);
    const again = policy('suggest', learned.session, '--policy', file, ...options);
    expect(again.stdout).toMatch(/^\/\/ Nothing is missing/);
    expect(policy('backtest', '--policy', file, learned.session)).toMatchObject({ status: 0, stderr: '' });
  },
  600_000,
);

test('what a policy would have stopped, and what it would have let pass, with a status for each end', async () => {
  folder();
  place.write('forbidden.txt', 'x');
  const first = await run({ policy: PERMISSIVE, command: ['sh', '-c', 'cat forbidden.txt src/a.txt'] });
  const second = await run({ policy: POLICY, command: ['sh', '-c', 'cat forbidden.txt; true'] });
  const [strict, loose] = [path.join(place.root, 'strict.cedar'), path.join(place.root, 'loose.cedar')];
  writeFileSync(strict, POLICY);
  writeFileSync(loose, PERMISSIVE);
  const stopped = policy('backtest', '--policy', strict, '--since', '1h');
  expect(stopped).toMatchObject({ status: 1, stderr: '' });
  expect(stopped.stdout).toMatch(
    /^newly denied: 1 event\n +1 {2}FileOpenReadOnly @workspace\/\n.*no-forbidden: It is forbidden\./,
  );
  expect(stopped.stdout).toContain(`${first.session}:`);
  const passed = policy('backtest', '--policy', loose, '--json');
  expect(passed.status).toBe(0);
  expect(JSON.parse(passed.stdout)).toMatchObject({
    changes: { 'newly denied': 0, 'newly asked': 0, 'newly allowed': 1 },
    groups: [
      {
        change: 'newly allowed',
        place: '@workspace/',
        examples: [{ event: expect.stringContaining(second.session) as string }],
      },
    ],
    totals: { uncertain: 0, unrepeatable: 0 },
  });
  expect(policy('backtest', '--policy', strict, second.session).status).toBe(0);
  expect(policy('backtest', '--policy', strict, 'nothing-like-it').status).toBe(4);
  expect(policy('backtest', second.session)).toMatchObject({ status: 2 });
  writeFileSync(loose, 'permit(');
  expect(policy('backtest', '--policy', loose).status).toBe(3);
  // What was denied is suggested on demand only.
  expect(policy('suggest', second.session, '--exact').stdout).not.toContain('forbidden.txt');
  expect(policy('suggest', second.session, '--exact', '--include-denied').stdout).toContain('forbidden.txt');
}, 600_000);

/** The last segment of a session's journal. */
function journalOf(session: string): string {
  const dir = path.join(place.home, '.local/state/leash/sessions', session);
  const name =
    readdirSync(dir)
      .filter((file) => file.endsWith('.jsonl'))
      .sort()
      .at(-1) ?? '';
  return path.join(dir, name);
}

test('a journal that is torn or altered counts as far as it can be trusted, and the rest is said', async () => {
  folder();
  const { session } = await run({ policy: PERMISSIVE, command: ['cat', 'src/a.txt'] });
  const loose = path.join(place.root, 'loose.cedar');
  writeFileSync(loose, PERMISSIVE);
  const record = path.join(path.dirname(journalOf(session)), 'session.json');
  const {
    ended: _,
    exitCode: __,
    events: ___,
    head: ____,
    ...running
  } = JSON.parse(readFileSync(record, 'utf8')) as Record<string, unknown>;
  writeFileSync(record, JSON.stringify({ ...running, pid: 1, owner: 'nobody' }));
  appendFileSync(journalOf(session), '{"seq":');
  const torn = policy('backtest', '--policy', loose);
  expect(torn.status).toBe(0);
  expect(torn.stdout).toContain('did not end properly: its last 7 bytes are an unfinished event');
  const lines = readFileSync(journalOf(session), 'utf8').split('\n');
  lines[2] = lines[2]?.replace('allow', 'deny') ?? '';
  writeFileSync(journalOf(session), lines.join('\n'));
  const altered = policy('backtest', '--policy', loose);
  expect(altered.status).toBe(4);
  expect(altered.stdout).toContain(`not evaluated: the rest of session ${session}`);
  // The altered line is the third: only the next one tells.
  expect(altered.stdout).toMatch(/of 2 in 1 session/);
  expect(policy('suggest', session)).toMatchObject({ status: 1, stdout: '' });
}, 600_000);
