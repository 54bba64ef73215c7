import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ChangeList, ChangeText, DoctorReport } from '../../src/schema/api.ts';
import { ask, freePort, served, tokenOf } from '../fixtures/control.ts';
import { finished, PERMISSIVE, Place, runLeash, sessionsOf, startLeash } from '../fixtures/leash.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Text, bytes, too much, links that lead out, a name that a terminal would act on, and what may never come over. */
const AGENT = `
echo two >>a; rm gone; mkdir sub; echo s >sub/s; printf 'a\\0b' >binary; head -c 1500000 /dev/zero | tr '\\0' x >huge
ln -s "$OUTSIDE" link; ln -s ../../../../../etc/passwd passwd; printf x >"$(printf 'bad\\033[2Jname')"; mkfifo fifo
echo mine >conflict; head -c 9000 /dev/zero | tr '\\0' '\\n' >lines; head -c 5000 /dev/zero | tr '\\0' y >line
`;

const place = new Place();
let port = 0;
let keeper: ChildProcess;
let reviewed = '';
let running = '';
const host = (name: string): string => path.join(place.workspace, name);
const get = (target: string, token = tokenOf(place)) => ask(port, `/api/v1/sessions/${target}`, { token });
const post = (target: string, body: unknown, token = tokenOf(place)) =>
  ask(port, `/api/v1/sessions/${target}`, { method: 'POST', token, body });
const codeOf = (body: unknown): string => (body as { error: { code: string } }).error.code;

async function listed(): Promise<ChangeList> {
  return (await get(`${reviewed}/changes`)).body as ChangeList;
}

/** An id is of the place and the name: it stays. */
let known: Promise<ChangeList> | undefined;

async function idOf(name: string): Promise<string> {
  known ??= listed();
  const { changes } = await known;
  const found = changes.find((change) => change.name === name);
  if (found === undefined) throw new Error(`${name} is not among ${changes.map((change) => change.name).join(', ')}`);
  return found.id;
}

async function textOf(name: string): Promise<ChangeText> {
  return (await get(`${reviewed}/changes/${await idOf(name)}`)).body as ChangeText;
}

beforeAll(async () => {
  place.write('a', 'one\n');
  place.write('gone', 'x\n');
  place.write('conflict', 'before\n');
  place.write(path.join(place.root, 'outside'), 'secret of the host\n');
  await runLeash(place, {
    policy: PERMISSIVE,
    args: ['--review'],
    command: ['sh', '-c', AGENT],
    env: { OUTSIDE: path.join(place.root, 'outside') },
  });
  reviewed = sessionsOf(place).at(-1) ?? '';
  place.write('conflict', 'yours, since\n');
  port = await freePort();
  keeper = startLeash(place, {
    policy: PERMISSIVE,
    args: ['--review', '--listen', String(port)],
    command: ['sh', '-c', 'echo new >by-running; while read -r _; do :; done'],
  });
  await served(port);
  running = sessionsOf(place).at(-1) ?? '';
});

afterAll(async () => {
  keeper.stdin?.end();
  await finished(keeper);
  place.remove();
});

describe('what is refused', () => {
  test.each(['changes', 'changes/AAAAAAAAAAAAAAAAAAAAAA'])('a token of another session: GET %s', async (what) => {
    const answer = await get(`${reviewed}/${what}`, tokenOf(place, `session:${running}`));
    expect([answer.status, codeOf(answer.body)]).toEqual([403, 'LEASH_API_SCOPE']);
  });

  test.each(['accept', 'discard'])('a token of another session, none, and a page of another site: %s', async (act) => {
    const target = `${reviewed}/changes/${act}`;
    expect((await post(target, { all: true }, tokenOf(place, `session:${running}`))).status).toBe(403);
    expect((await post(target, { all: true }, '')).status).toBe(401);
    const headers = { Origin: 'http://evil.example' };
    const foreign = { method: 'POST', token: tokenOf(place), body: { all: true }, headers };
    expect((await ask(port, `/api/v1/sessions/${target}`, foreign)).status).toBe(403);
    expect(fs.readFileSync(host('a'), 'utf8')).toBe('one\n');
    expect((await listed()).total).toBeGreaterThan(8);
  });

  test('findings about the machine are for the user only', async () => {
    const one = await ask(port, '/api/v1/doctor', { token: tokenOf(place, `session:${running}`) });
    expect([one.status, codeOf(one.body)]).toEqual([403, 'LEASH_API_SCOPE']);
    expect((await ask(port, '/api/v1/doctor')).status).toBe(401);
  });

  test.each([
    '..%2f..%2f..%2fetc%2fpasswd',
    'a',
    '%2fetc%2fpasswd',
    'sub%2fs',
    'a%00b',
    '0'.repeat(3_000),
    'AAAAAAAAAAAAAAAAAAAAA%0a',
  ])('a path is no name of a change: %s', async (name) => {
    const answer = await get(`${reviewed}/changes/${name}`);
    expect([answer.status, codeOf(answer.body)]).toEqual([400, 'LEASH_API_INPUT']);
  });

  test.each([
    { ids: ['../outside'] },
    { ids: ['a\0b'] },
    { ids: [] },
    { ids: 'AAAAAAAAAAAAAAAAAAAAAA' },
    { paths: ['a'] },
    { all: false },
    { all: true, ids: [] },
    {},
  ])('a choice that says something else: %j', async (choice) => {
    for (const act of ['accept', 'discard'])
      expect((await post(`${reviewed}/changes/${act}`, choice)).status).toBe(400);
  });

  test('one that does not wait: nothing at all is done', async () => {
    const ids = [await idOf('a'), 'AAAAAAAAAAAAAAAAAAAAAA'];
    for (const act of ['accept', 'discard']) {
      const answer = await post(`${reviewed}/changes/${act}`, { ids });
      expect([answer.status, codeOf(answer.body)]).toEqual([409, 'LEASH_REVIEW_NONE']);
    }
    expect(fs.readFileSync(host('a'), 'utf8')).toBe('one\n');
    expect((await listed()).changes.map(({ name }) => name)).toContain('a');
  });

  test('a session that runs: nothing is shown, and nothing taken', async () => {
    expect((await get(`${running}/changes`)).body).toMatchObject({ isOver: false, isReviewed: true, changes: [] });
    for (const act of ['accept', 'discard'])
      expect((await post(`${running}/changes/${act}`, { all: true })).status).toBe(409);
    expect((await get(`${running}/changes/AAAAAAAAAAAAAAAAAAAAAA`)).status).toBe(409);
    expect(fs.existsSync(host('by-running'))).toBe(false);
  });
});

describe('what is shown', () => {
  test('each change with its kind, and what stands in its way', async () => {
    const { changes } = await listed();
    const seen = Object.fromEntries(changes.map(({ name, change, kind }) => [name, `${change} ${kind}`]));
    expect(seen).toMatchObject({
      a: 'M file',
      gone: 'D file',
      sub: 'A folder',
      'sub/s': 'A file',
      link: 'A link',
      fifo: 'A special',
      'bad\\u001b[2Jname': 'A file',
    });
    expect(changes.find(({ name }) => name === 'conflict')?.isConflict).toBe(true);
    expect(changes.find(({ name }) => name === 'fifo')?.refused).toContain('FIFO');
    expect(changes.find(({ name }) => name === 'huge')?.after).toBe(1_500_000);
  });

  test('the text of one', async () => {
    expect(await textOf('a')).toMatchObject({ lines: ['@@ -1,1 +1,2 @@', ' one', '+two'], added: 1, isCut: false });
    expect((await textOf('gone')).lines).toContain('-x');
  });

  test('no link is followed', async () => {
    const { lines } = await textOf('link');
    expect(lines).toContain(`+${path.join(place.root, 'outside')}`);
    expect(JSON.stringify(lines)).not.toContain('secret of the host');
    expect(JSON.stringify(await textOf('passwd'))).not.toContain('root:');
  });

  test.each([
    ['binary', 'binary'],
    ['huge', 'large'],
  ])('%s: what it is, and not what is in it', async (name, hidden) => {
    expect(await textOf(name)).toMatchObject({ hidden, lines: [] });
  });

  test('many lines, and long ones, are cut', async () => {
    const [many, long] = [await textOf('lines'), await textOf('line')];
    expect([many.lines.length, many.isCut]).toEqual([5_000, true]);
    expect([long.lines.every(({ length }) => length <= 2_000), long.isCut]).toEqual([true, true]);
  });

  test('what is slow to compare holds nobody up', async () => {
    const slow = Promise.all([1, 2, 3].map(() => listed()));
    expect((await ask(port, '/healthz')).status).toBe(200);
    expect(new Set((await slow).map(({ total }) => total)).size).toBe(1);
  });
});

describe('what is done', () => {
  const session = (): string => tokenOf(place, `session:${reviewed}`);

  test('accepting some, with the folder they need; the rest waits', async () => {
    const ids = [await idOf('sub/s'), await idOf('gone'), await idOf('fifo')];
    const { status, body } = await post(`${reviewed}/changes/accept`, { ids }, session());
    expect([status, body]).toEqual([200, { accepted: 3, conflicts: [], refused: ['fifo'], kept: [] }]);
    expect(fs.readFileSync(host('sub/s'), 'utf8')).toBe('s\n');
    expect([fs.existsSync(host('gone')), fs.existsSync(host('fifo')), fs.existsSync(host('huge'))]).toEqual([
      false,
      false,
      false,
    ]);
    const names = (await listed()).changes.map(({ name }) => name);
    expect(names).not.toContain('sub');
    expect(names).toContain('fifo');
  });

  test('a file of yours is not written over, but by force; then it is kept beside', async () => {
    const ids = [await idOf('conflict')];
    expect((await post(`${reviewed}/changes/accept`, { ids })).body).toMatchObject({ conflicts: ['conflict'] });
    expect(fs.readFileSync(host('conflict'), 'utf8')).toBe('yours, since\n');
    const { kept } = (await post(`${reviewed}/changes/accept`, { ids, force: true })).body as { kept: string[] };
    expect(fs.readFileSync(host('conflict'), 'utf8')).toBe('mine\n');
    expect(fs.readFileSync(kept[0] ?? '', 'utf8')).toBe('yours, since\n');
  });

  test('discarding one, then all: the workspace stays', async () => {
    expect((await post(`${reviewed}/changes/discard`, { ids: [await idOf('a')] })).body).toEqual({ discarded: 1 });
    const { total } = await listed();
    expect((await post(`${reviewed}/changes/discard`, { all: true })).body).toEqual({ discarded: total });
    expect(await listed()).toEqual({ isReviewed: true, isOver: true, changes: [], total: 0 });
    expect([fs.readFileSync(host('a'), 'utf8'), fs.existsSync(host('link'))]).toEqual(['one\n', false]);
    expect((await post(`${reviewed}/changes/accept`, { all: true })).status).toBe(409);
  });
});

test('what the machine has, as `leash doctor` says it', async () => {
  const look = () => ask(port, '/api/v1/doctor', { token: tokenOf(place) });
  const [one, same, meanwhile] = await Promise.all([look(), look(), ask(port, '/healthz')]);
  expect([same.body, meanwhile.status]).toEqual([one.body, 200]);
  const { canStart, probes } = one.body as DoctorReport;
  expect(canStart).toBe(true);
  expect(probes.map(({ id }) => id)).toEqual(expect.arrayContaining(['kernel', 'seccomp', 'overlay', 'bubblewrap']));
});
