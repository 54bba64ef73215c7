import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { questionsOf, rule } from '../../../../src/api/client.ts';

/** Each test is another session. */
let count = 0x0badcafe;
let root: string;
let dir: string;
let log: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leash-line-'));
  dir = path.join(root, 'sessions/20260101-000000-aaaa');
  log = path.join(root, 'log');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  mkdirSync(path.join(root, 'managers'), { mode: 0o700 });
  const session = { v: 1, id: 'x', command: ['x'], mode: 'enforce', started: 1, pid: 12, owner: 'boot/34' };
  writeFileSync(path.join(dir, 'session.json'), JSON.stringify(session));
  appendFileSync(log, '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An engine whose client answers each line with what `answer` makes of it. */
function record(answer: string): void {
  const program = path.join(root, 'engine');
  const lines = "require('node:readline').createInterface(process.stdin).on('line', (line) => {";
  const script = `require('node:fs').appendFileSync('${log}', 'begun\\n'); ${lines} const { id, asking } = JSON.parse(line); ${answer} }).on('close', () => require('node:fs').appendFileSync('${log}', 'ended\\n'));`;
  writeFileSync(program, `#!${process.execPath}\n${script}\n`);
  chmodSync(program, 0o755);
  const text = JSON.stringify({ engine: 'docker', program, options: [], env: {}, owner: 'boot/34' });
  writeFileSync(path.join(root, `managers/leash-12-0${(count++).toString(16)}`), text, { mode: 0o600 });
}
const REPLY = 'console.log(JSON.stringify({ id, reply }));';

test('requests go to the manager by one program, and each has its own answer', async () => {
  record(
    `const reply = asking.method === 'GET' ? { status: 200, body: { questions: [asking.path] } } : { status: 200, body: {} }; setTimeout(() => { ${REPLY} }, asking.method === 'GET' ? 50 : 0);`,
  );
  const [questions, ruled] = await Promise.all([questionsOf(dir), rule(dir, 'k3', { effect: 'deny', scope: 'once' })]);
  expect([questions, ruled]).toEqual([['/v1/questions'], true]);
  await questionsOf(dir);
  expect(readFileSync(log, 'utf8')).toBe('begun\n');
});

test('a door that is not open yet has no question; a code of the registry arrives', async () => {
  record(
    `if (asking.method === 'GET') console.log(JSON.stringify({ id, code: 'ENOENT', message: 'm' })); else { const reply = { status: 500, body: { error: 'no', code: 'LEASH_NOT_KEPT' } }; ${REPLY} }`,
  );
  expect(await questionsOf(dir)).toEqual([]);
  await expect(rule(dir, 'k3', { effect: 'allow', scope: 'always' })).rejects.toMatchObject({ code: 'LEASH_NOT_KEPT' });
});

test.each([
  ['dies', 'process.exit(1);', 'docker ended'],
  ['says what is no answer', "console.log('hello');", 'was not understood'],
  ['never ends a line', "process.stdout.write('x'.repeat(10 << 20));", 'too long'],
  ['says why', "console.error('no such container'); process.exit(1);", 'no such container'],
])('where it %s the session cannot be reached, and the next request begins again', async (_what, answer, message) => {
  record(answer);
  for (let times = 0; times < 2; times++)
    await expect(questionsOf(dir)).rejects.toMatchObject({
      code: 'LEASH_SESSION_UNREACHABLE',
      message: expect.stringContaining(message),
    });
  expect(readFileSync(log, 'utf8').match(/begun/g)).toHaveLength(2);
});
