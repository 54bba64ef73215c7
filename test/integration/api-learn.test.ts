// A session recorded; its API suggests a policy, says what a text would have changed, puts it in force elsewhere, and keeps other journals closed.
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { BacktestAnswer, SuggestionAnswer } from '../../src/schema/learning.ts';
import { eventually } from '../fixtures/asking.ts';
import { type Ask, ask, freePort, served, tokenOf } from '../fixtures/control.ts';
import { finished, PERMISSIVE, Place, POLICY, runLeash, sessionsOf, startLeash } from '../fixtures/leash.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const AGENT = ['/bin/sh', '-c', 'while read -r name; do read -r line <"$name"; done 2>/dev/null'];

const place = new Place();
let [port, token, recorded, running] = [0, '', '', ''];
let child: ChildProcess;

const post = (session: string, what: 'suggest' | 'backtest', body: unknown, options: Ask = {}) =>
  ask(port, `/api/v1/sessions/${session}/policy/${what}`, { method: 'POST', token, body, ...options });

function dirOf(session: string): string {
  return path.join(place.home, '.local/state/leash/sessions', session);
}

beforeAll(async () => {
  for (const name of ['a', 'b', 'c']) place.write(`src/${name}.txt`, `${name}\n`);
  place.write('forbidden.txt', 'no\n');
  const command = ['sh', '-c', 'cat src/a.txt src/b.txt src/c.txt forbidden.txt; echo > "a\\"b"'];
  const result = await runLeash(place, { policy: POLICY, mode: 'record', command });
  recorded = result.session ?? '';
  port = await freePort();
  child = startLeash(place, { policy: POLICY, command: AGENT, args: ['--listen', String(port)] });
  await served(port);
  token = tokenOf(place);
  running = sessionsOf(place).at(-1) ?? '';
});

afterAll(async () => {
  child.stdin?.end();
  await finished(child);
  place.remove();
});

test('what was done is suggested and proven, tried on what was recorded, and put in force in another session', async () => {
  const suggested = await post(recorded, 'suggest', {});
  expect([suggested.status, suggested.text.slice(0, 300)]).toEqual([200, expect.anything()]);
  const suggestion = suggested.body as SuggestionAnswer;
  expect(suggestion.sessions).toMatchObject([{ session: recorded, torn: 0 }]);
  const wide = suggestion.statements.find(({ widening }) => widening !== undefined && !widening.includes('private'));
  expect(wide?.examples.length).toBeGreaterThan(0);
  expect(suggestion.policy).toContain(wide?.id);
  expect(suggestion.operations.added).toBeGreaterThan(5);
  expect(suggestion.proof[0]?.differences[0]?.heading).toMatch(/^newly allowed: /);

  const same = (await post(recorded, 'backtest', { text: suggestion.policy })).body as BacktestAnswer;
  expect(same.changes).toEqual({ 'newly denied': 0, 'newly asked': 0, 'newly allowed': 0 });
  const strict = (await post(recorded, 'backtest', { text: POLICY })).body as BacktestAnswer;
  expect(strict).toMatchObject({
    changes: { 'newly denied': 1, 'newly allowed': 0 },
    groups: [{ change: 'newly denied', policies: ['no-forbidden'], examples: [{ session: recorded }] }],
  });
  const behind = (
    await post(recorded, 'backtest', { text: PERMISSIVE.replaceAll('@id("', '@id("also-'), base: 'policy' })
  ).body;
  expect(behind).toMatchObject({ changes: { 'newly denied': 1, 'newly allowed': 0 } });
  const [example] = strict.groups[0]?.examples ?? [];
  const page = await ask(port, `/api/v1/sessions/${recorded}/events?after=${(example?.seq ?? 0) - 1}&limit=1`, {
    token,
  });
  expect(page.text).toContain('forbidden.txt');

  const nothing = (await post(recorded, 'suggest', { base: 'policy', exact: true })).body as SuggestionAnswer;
  expect(nothing).toMatchObject({ statements: [], policy: expect.stringMatching(/^\/\/ Nothing is missing/) });
  expect(nothing.notes.join()).toContain('no-forbidden');

  const view = await ask(port, `/api/v1/sessions/${running}/policy`, { token });
  const { epoch } = view.body as { readonly epoch: number };
  const put = await ask(port, `/api/v1/sessions/${running}/policy`, {
    method: 'PUT',
    token,
    headers: { 'If-Match': `"${epoch}"` },
    body: { text: suggestion.policy },
  });
  expect(put.body).toEqual({ epoch: epoch + 1 });
});

test('several sessions are the user’s to ask about; a token of one session reads no other journal', async () => {
  const own = tokenOf(place, `session:${running}`);
  for (const what of ['suggest', 'backtest'] as const) {
    const text = what === 'backtest' ? { text: POLICY } : {};
    const many = await post(running, what, { ...text, sessions: [recorded, running, running] });
    const named = (many.body as SuggestionAnswer).sessions.map(({ session }) => session);
    expect([many.status, named.toSorted()]).toEqual([200, [recorded, running].toSorted()]);
    expect((await post(running, what, { ...text, since: 1 })).status).toBe(200);
    expect((await post(running, what, { ...text, since: Date.now() + 60_000 })).status).toBe(200);
    for (const body of [{ sessions: [recorded] }, { sessions: [running, recorded] }, { since: 1 }]) {
      const answer = await post(running, what, { ...text, ...body }, { token: own });
      expect([answer.status, answer.body]).toMatchObject([403, { error: { code: 'LEASH_API_SCOPE' } }]);
    }
    expect((await post(recorded, what, text, { token: own })).status).toBe(403);
    expect((await post(running, what, { ...text, sessions: [running] }, { token: own })).status).toBe(200);
    expect((await post(running, what, text, { token: undefined })).status).toBe(401);
  }
});

test('what is asked amiss is refused with its code: names that are no ids, texts that are none or too long', async () => {
  const refused: readonly (readonly ['suggest' | 'backtest', unknown, number])[] = [
    ['suggest', { sessions: ['../../etc'] }, 400],
    ['suggest', { sessions: [] }, 400],
    ['suggest', { sessions: ['20200101-000000-aaaa'] }, 404],
    ['suggest', { base: '/etc/passwd' }, 400],
    ['suggest', { since: 'yesterday' }, 400],
    ['backtest', {}, 400],
    ['backtest', { text: 'permit(' }, 422],
    ['backtest', { text: `${'// a long one\n'.repeat(310_000)}` }, 422],
  ];
  for (const [what, body, status] of refused) {
    const answer = await post(recorded, what, body);
    expect([JSON.stringify(body).slice(0, 60), answer.status]).toEqual([JSON.stringify(body).slice(0, 60), status]);
    expect(answer.body).toMatchObject({ error: { code: expect.stringMatching(/^LEASH_/) } });
  }
});

test('one at a time, others are answered meanwhile, and one that is left makes room', async () => {
  const first = Array.from({ length: 3 }, () => post(recorded, 'suggest', {}));
  const health = await ask(port, '/healthz');
  expect(health.status).toBe(200);
  const answers = await Promise.all(first);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 503, 503]);
  expect(answers.find(({ status }) => status === 503)?.body).toMatchObject({ error: { code: 'LEASH_API_BUSY' } });

  const target = `/api/v1/sessions/${recorded}/policy/suggest`;
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Content-Length': '2' };
  const left = http.request({ host: '127.0.0.1', port, method: 'POST', path: target, headers });
  left.on('error', () => undefined);
  left.end('{}');
  await eventually('a thread that is at work', async () =>
    (await post(recorded, 'suggest', {})).status === 503 ? true : undefined,
  );
  left.destroy();
  await eventually('room', async () => ((await post(recorded, 'suggest', {})).status === 200 ? true : undefined));
});

test('a journal with a torn tail is read to there; one that was altered is suggested from by nobody', async () => {
  const result = await runLeash(place, { policy: PERMISSIVE, command: ['cat', 'src/a.txt'] });
  const id = result.session ?? '';
  const record = path.join(dirOf(id), 'session.json');
  const { ended: _, exitCode: __, events: ___, head: ____, ...open } = JSON.parse(readFileSync(record, 'utf8'));
  writeFileSync(record, JSON.stringify({ ...open, pid: 1, owner: 'nobody' }));
  const [journal = ''] = readdirSync(dirOf(id)).filter((name) => name.endsWith('.jsonl'));
  const file = path.join(dirOf(id), journal);
  appendFileSync(file, '{"seq":');
  expect((await post(id, 'suggest', {})).body).toMatchObject({ sessions: [{ session: id, torn: 7 }] });
  expect((await post(id, 'backtest', { text: PERMISSIVE })).body).toMatchObject({
    sessions: [{ session: id, torn: 7 }],
  });

  const lines = readFileSync(file, 'utf8').split('\n');
  lines[2] = lines[2]?.replace('allow', 'deny') ?? '';
  writeFileSync(file, lines.join('\n'));
  const altered = await post(id, 'suggest', {});
  expect([altered.status, altered.body]).toMatchObject([409, { error: { code: 'LEASH_JOURNAL_CORRUPT' } }]);
  expect((await post(id, 'backtest', { text: PERMISSIVE })).body).toMatchObject({
    sessions: [{ session: id, fault: expect.any(String) as string }],
  });
});
