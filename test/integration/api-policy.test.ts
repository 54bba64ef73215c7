import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFailure, EventPage, PolicyDifference, PolicyWords } from '../../src/schema/api.ts';
import { eventually } from '../fixtures/asking.ts';
import { type Ask, ask, freePort, served, tokenOf } from '../fixtures/control.ts';
import { finished, PERMISSIVE, Place, POLICY, sessionsOf, startLeash } from '../fixtures/leash.ts';

/** Says of each file that it is named whether it could be read. */
const AGENT = [
  '/bin/sh',
  '-c',
  'while read -r name; do read -r line <"$name" && echo "read $name" || echo "not $name"; done 2>/dev/null',
];

const place = new Place();
let port = 0;
let child: ChildProcess;
let root = '';
let token = '';
let printed = '';

const call = (target: string, options: Ask = {}) => ask(port, `${root}${target}`, { token, ...options });
const put = (text: string, epoch: number | undefined, keep = false) =>
  call('/policy', {
    method: 'PUT',
    body: { text, keep },
    ...(epoch !== undefined && { headers: { 'If-Match': `"${epoch}"` } }),
  });

/** What the agent says of a file, now. */
async function tries(name: string): Promise<string> {
  const before = printed.length;
  child.stdin?.write(`${name}\n`);
  return await eventually(`a word on ${name}`, () => /(read|not) \S+\n/.exec(printed.slice(before))?.[1]);
}

beforeAll(async () => {
  port = await freePort();
  place.write('forbidden.txt', 'no\n');
  child = startLeash(place, { policy: POLICY, command: AGENT, args: ['--listen', String(port)] });
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await served(port);
  token = tokenOf(place);
  root = `/api/v1/sessions/${sessionsOf(place).at(-1)}`;
});

afterAll(async () => {
  child.stdin?.end();
  await finished(child);
  place.remove();
});

test('an edit is in force at once, and of two that began with the same text one is refused', async () => {
  const file = path.join(place.root, 'policy.cedar');
  const first = await eventually('the door', async () => {
    const answer = await call('/policy');
    return answer.status === 200 ? answer : undefined;
  });
  expect(first.body).toMatchObject({ epoch: 1, text: POLICY, file, isKept: true });
  expect(first.headers.etag).toBe('"1"');
  expect(await tries('forbidden.txt')).toBe('not');

  expect((await put(PERMISSIVE, undefined)).status).toBe(412);
  expect((await put(PERMISSIVE, 0)).status).toBe(412);
  const [one, two] = await Promise.all([put(PERMISSIVE, 1), put(`${PERMISSIVE} // the other tab`, 1)]);
  expect([one?.status, two?.status].toSorted()).toEqual([200, 412]);
  expect(await tries('forbidden.txt')).toBe('read');
  expect(readFileSync(file, 'utf8')).toBe(POLICY);

  const broken = await put('permit(principal, action, resourc);', 2);
  expect(broken.status).toBe(422);
  expect(broken.body).toMatchObject({ error: { code: 'LEASH_POLICY_INVALID' } });
  expect(JSON.stringify(broken.body)).toContain(':1:');
  expect(await tries('forbidden.txt')).toBe('read');

  expect((await put(`${POLICY}// kept`, 2, true)).body).toEqual({ epoch: 3 });
  expect(readFileSync(file, 'utf8')).toBe(`${POLICY}// kept`);
  expect(await tries('forbidden.txt')).toBe('not');
  const { events } = (await call('/events?action=PolicyLoad')).body as EventPage;
  expect(events.map(({ event }) => [event.epoch, event.detail])).toEqual([
    [2, { edited: true, kept: false }],
    [3, { edited: true, kept: true }],
  ]);
});

test('a text is checked and compared without being put in force', async () => {
  const before = (await call('/policy')).body;
  const check = (text: string) => call('/policy/check', { method: 'POST', body: { text } });
  expect((await check(POLICY)).body).toMatchObject({ ok: true, faults: [] });
  expect((await check('permit(')).body).toMatchObject({ ok: false, faults: [{ line: 1 }] });
  const wider = await call('/policy/diff', { method: 'POST', body: { text: PERMISSIVE } });
  expect(wider.body).toMatchObject({ isWider: true });
  const same = await call('/policy/diff', { method: 'POST', body: { text: `${POLICY}// the same` } });
  expect(same.body).toMatchObject({ isWider: false, differences: [] });
  expect((await call('/policy')).body).toEqual(before);
});

test('the texts that were in force are kept with the session, each with its epoch and time', async () => {
  const { versions } = (await call('/policy/versions')).body as {
    versions: { epoch: number; time: number; text: string }[];
  };
  expect(versions.map(({ epoch, text }) => [epoch, text])).toEqual([
    [3, `${POLICY}// kept`],
    [2, expect.stringContaining(PERMISSIVE)],
    [1, POLICY],
  ]);
  expect(versions.every(({ time }) => Math.abs(Date.now() - time) < 3_600_000)).toBe(true);
});

test('a difference is said in English, too', async () => {
  const { body } = await call('/policy/diff', { method: 'POST', body: { text: PERMISSIVE } });
  const [first] = (body as PolicyDifference).paragraphs;
  expect(first?.heading).toMatch(/^newly allowed: /);
  expect(first?.lines.join('\n')).toContain('denied by no-forbidden');
});

test('words have what they mean, and a text gets the official layout, unless it has faults', async () => {
  const words = (await ask(port, '/api/v1/policy/words', { token })).body as PolicyWords;
  expect(words.actions.find(({ name }) => name === 'FileOpen')?.doc).toContain('any access');
  expect(words.attributes['File']?.every(({ doc }) => doc !== '')).toBe(true);
  const format = (text: string) => ask(port, '/api/v1/policy/format', { token, method: 'POST', body: { text } });
  expect((await format('permit(principal,action,resource)when{true};')).body).toEqual({
    text: 'permit (principal, action, resource)\nwhen { true };\n',
  });
  const refused = await format('permit(');
  expect([refused.status, (refused.body as { error: ApiFailure }).error.code]).toEqual([422, 'LEASH_POLICY_INVALID']);
});
