import { type ChildProcess, spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventPage, ProcessList, QuestionList, SessionList } from '../../src/schema/api.ts';
import { eventually } from '../fixtures/asking.ts';
import { ask, freePort, served, tokenOf } from '../fixtures/control.ts';
import { finished, Place, POLICY, sessionsOf, startLeash } from '../fixtures/leash.ts';

/** Waits for a line of input, reads a file for each, and ends with its input. */
const AGENT = ['/bin/sh', '-c', 'while read -r name; do cat "$name" >/dev/null 2>&1; done'];

const place = new Place();
let port = 0;
let child: ChildProcess;
let user = '';
let id = '';

const get = (target: string, token: string | undefined = user) => ask(port, target, { token });
const says = (line: string): unknown => child.stdin?.write(`${line}\n`);

beforeAll(async () => {
  port = await freePort();
  place.write('forbidden.txt', 'no');
  place.write('open.txt', 'yes');
  child = startLeash(place, { policy: POLICY, command: AGENT, args: ['--listen', String(port)] });
  await served(port);
  user = tokenOf(place);
  id = sessionsOf(place).at(-1) ?? '';
});

afterAll(async () => {
  child.stdin?.end();
  await finished(child);
  place.remove();
});

describe('sessions and events', () => {
  test('a session is listed, and found by its id', async () => {
    const { body } = await get('/api/v1/sessions');
    expect((body as SessionList).sessions.map((session) => [session.id, session.state])).toEqual([[id, 'running']]);
    expect((await get(`/api/v1/sessions/${id}`)).body).toMatchObject({ id, workspace: place.workspace });
    expect((await get('/api/v1/sessions/20200101-000000-abcd')).status).toBe(404);
    expect((await get('/api/v1/sessions/..%2f..%2fetc')).status).toBe(404);
  });

  test('pages of events follow one another, and filters hold', async () => {
    says('forbidden.txt');
    const page = await eventually('a denial', async () => {
      const { body } = await get(`/api/v1/sessions/${id}/events?effect=deny&text=FORBIDDEN.txt`);
      return (body as EventPage).events.length > 0 ? (body as EventPage) : undefined;
    });
    expect(page.events[0]?.event).toMatchObject({ effect: 'deny', policies: ['no-forbidden'] });
    const all: number[] = [];
    for (let after = -1, isEnd = false; !isEnd; ) {
      const next = (await get(`/api/v1/sessions/${id}/events?after=${after}&limit=3`)).body as EventPage;
      all.push(...next.events.map(({ seq }) => seq));
      [after, isEnd] = [next.last, next.isEnd];
    }
    expect(all.length).toBeGreaterThan(3);
    expect(all).toEqual(all.map((_, index) => index));
  });

  test('processes are told with their parents', async () => {
    const { processes } = (await get(`/api/v1/sessions/${id}/processes`)).body as ProcessList;
    const cat = processes.find(({ argv }) => argv?.[1] === 'forbidden.txt');
    expect(processes.map(({ pid }) => pid)).toContain(cat?.parent);
    expect(cat?.denied).toBeGreaterThan(0);
  });

  test('a stream goes on after the offset that it is given, and says what comes', async () => {
    const before = (await get(`/api/v1/sessions/${id}/events?limit=5000`)).body as EventPage;
    let heard = '';
    const request = http.get({
      port,
      path: `/api/v1/sessions/${id}/events/stream`,
      headers: { Authorization: `Bearer ${user}`, 'Last-Event-ID': String(before.last) },
    });
    request.on('error', () => undefined);
    request.on('response', (response) => response.on('data', (chunk: Buffer) => (heard += chunk.toString())));
    says('open.txt');
    await eventually('the event', () => (heard.includes('open.txt') ? true : undefined));
    request.destroy();
    const ids = [...heard.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq));
    expect(ids).toEqual(ids.map((_, index) => before.last + 1 + index));
  });

  test('who is too far behind is told what was left out', async () => {
    const request = http.get({
      port,
      path: `/api/v1/sessions/${id}/events/stream?behind=1`,
      headers: { Authorization: `Bearer ${user}` },
    });
    request.on('error', () => undefined);
    const heard = await new Promise<string>((resolve) => {
      let text = '';
      request.on('response', (response) =>
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (text.includes('event: event')) resolve(text);
        }),
      );
    });
    request.destroy();
    const [, before = 0] = /event: gap\ndata: \{"after":-1,"before":(\d+)\}/.exec(heard) ?? [];
    expect(heard).toContain(`id: ${before}\nevent: event`);
  });
});

describe('who may ask', () => {
  const path1 = '/api/v1/sessions';

  test.each([
    ['no token', {}],
    ['another token', { token: 'user.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['a token in the query', { query: true }],
    ['a cookie', { headers: { Cookie: 'token=TOKEN' } }],
  ])(
    '%s: 401',
    async (_, { query, ...options }: { query?: boolean; token?: string; headers?: Record<string, string> }) => {
      const headers = Object.fromEntries(
        Object.entries(options.headers ?? {}).map(([name, value]) => [name, value.replace('TOKEN', user)]),
      );
      const answer = await ask(port, query ? `${path1}?token=${user}` : path1, { ...options, headers });
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ error: { code: 'LEASH_API_TOKEN' } });
      expect(answer.text).not.toContain(id);
    },
  );

  test.each([
    ['a page of another site', { Origin: 'http://evil.example' }, 403],
    ['a page of no origin', { Origin: 'null' }, 403],
    ['another port of this machine', { Origin: 'http://127.0.0.1:9' }, 403],
    ['a request that another site caused', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a name that was bound anew', { Host: 'evil.example' }, 403],
    ['that name with the port', { Host: 'evil.example:PORT' }, 403],
  ])('%s is refused, with the right token, too', async (_, given, status) => {
    const headers = Object.fromEntries(
      Object.entries(given as unknown as Record<string, string>).map(([name, value]) => [
        name,
        value.replace('PORT', String(port)),
      ]),
    );
    const answer = await ask(port, path1, { token: user, headers });
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([
      status,
      'LEASH_API_ORIGIN',
    ]);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('a form cannot write, and a body has an end', async () => {
    const stop = `/api/v1/sessions/${id}/stop`;
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await ask(port, stop, { method: 'POST', token: user, headers: form, body: 'a=b' })).status).toBe(415);
    const plain = { 'Content-Type': 'text/plain' };
    expect((await ask(port, stop, { method: 'POST', token: user, headers: plain, body: '{}' })).status).toBe(415);
    const long = { 'Content-Length': String(1 << 30) };
    expect((await ask(port, stop, { method: 'POST', token: user, headers: long, body: '{' })).status).toBe(413);
    expect((await ask(port, stop, { method: 'POST', token: user, body: '{' })).status).toBe(400);
    expect((await ask(port, stop, { method: 'POST', token: user, body: { more: 1 } })).status).toBe(400);
    expect((await ask(port, path1, { method: 'OPTIONS', token: user })).status).toBe(405);
    expect((await ask(port, path1, { token: user, headers: { 'X-Long': 'x'.repeat(20_000) } })).status).toBe(431);
    expect((await get(`/api/v1/sessions/${id}`)).body).toMatchObject({ state: 'running' });
  });

  test('the token of one session opens that one only', async () => {
    const own = tokenOf(place, `session:${id}`);
    const other = tokenOf(place, 'session:20200101-000000-abcd');
    expect((await get(`/api/v1/sessions/${id}`, own)).status).toBe(200);
    expect((await get(`/api/v1/sessions/${id}`, other)).status).toBe(403);
    expect((await get('/api/v1/sessions', other)).body).toEqual({ sessions: [], unreadable: [] });
  });

  test('on the socket of the state folder the user needs no token', async () => {
    const folder = path.join(place.home, '.local/state/leash');
    expect(statSync(path.join(folder, 'hub.sock')).mode & 0o777).toBe(0o600);
    const { stdout } = spawnSync(
      'curl',
      ['-sS', '--unix-socket', path.join(folder, 'hub.sock'), 'http://localhost/api/v1/sessions'],
      { encoding: 'utf8' },
    );
    expect((JSON.parse(stdout) as SessionList).sessions.map((session) => session.id)).toEqual([id]);
  });

  test('every answer says how it is to be treated', async () => {
    for (const target of ['/', '/healthz', '/api/v1/nothing', '/api/v1/sessions']) {
      const { headers } = await ask(port, target);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });

  test('more streams than there may be are refused, and those that are open stay', async () => {
    const target = { port, path: `/api/v1/sessions/${id}/events/stream`, headers: { Authorization: `Bearer ${user}` } };
    const requests: http.ClientRequest[] = [];
    const statuses = await Promise.all(
      Array.from({ length: 100 }, () => {
        const request = http.get({ ...target, agent: false });
        requests.push(request);
        return new Promise<number>((resolve, reject) => {
          request.on('response', (response) => {
            response.on('error', () => undefined);
            resolve(response.statusCode ?? 0);
          });
          request.on('error', reject);
        });
      }),
    );
    for (const request of requests) request.on('error', () => undefined).destroy();
    expect(statuses.filter((status) => status === 200)).toHaveLength(64);
    expect(statuses.filter((status) => status === 503)).toHaveLength(36);
    await eventually('a free place', async () => {
      const again = http.get({ ...target, agent: false });
      again.on('error', () => undefined);
      const status = await new Promise((resolve) => again.on('response', (response) => resolve(response.statusCode)));
      again.destroy();
      return status === 200 ? true : undefined;
    });
  });
});

test('a question is told, as it comes and in a list, and a word answers it', async () => {
  const other = new Place();
  const own = await freePort();
  const asking = `${POLICY} @id("asks") @ask("May it?") forbid(principal, action in Action::"FileOpen", resource) when { resource.name == "asked" };`;
  other.write('asked', 'the answer');
  const session = startLeash(other, {
    policy: asking,
    command: ['/bin/sh', '-c', 'read -r go; cat asked'],
    args: ['--listen', String(own), '--ask-timeout', '600'],
  });
  const end = finished(session);
  try {
    await served(own);
    const token = tokenOf(other);
    let heard = '';
    const stream = http.get({
      port: own,
      path: '/api/v1/questions/stream',
      headers: { Authorization: `Bearer ${token}` },
    });
    stream.on('error', () => undefined);
    stream.on('response', (response) =>
      response.on('data', (chunk: Buffer) => {
        heard += chunk.toString();
      }),
    );
    session.stdin?.end('go\n');
    await eventually('the question', () => (heard.includes('May it?') ? true : undefined));
    stream.destroy();
    const list = (await ask(own, '/api/v1/questions', { token })).body as QuestionList;
    const [{ session: id, question } = { session: '', question: { id: '' } }] = list.questions;
    const place = `/api/v1/sessions/${id}/questions`;
    const word = { effect: 'allow', scope: 'once' };
    const say = (target: string, body: unknown) => ask(own, target, { method: 'POST', token, body });
    expect((await say(`${place}/nobody`, word)).status).toBe(404);
    expect((await say(`${place}/${question.id}`, { effect: 'deny', scope: 'always' })).status).toBe(400);
    expect((await say(`${place}/${question.id}`, word)).status).toBe(200);
    expect((await end).stdout.toString()).toBe('the answer');
  } finally {
    session.stdin?.end();
    await end;
    other.remove();
  }
});

test('of a journal that was cut or changed, what is intact is told, and where that ends', async () => {
  const other = new Place();
  const own = await freePort();
  const first = startLeash(other, { policy: POLICY, command: ['/bin/true'], args: ['--listen', ''] });
  await finished(first);
  const [ended = ''] = sessionsOf(other);
  const second = startLeash(other, { policy: POLICY, command: AGENT, args: ['--listen', String(own)] });
  try {
    await served(own);
    const dir = path.join(other.home, '.local/state/leash/sessions', ended);
    const segment = readdirSync(dir).find((name) => name.startsWith('events-')) ?? '';
    appendFileSync(path.join(dir, segment), '{"seq":');
    const token = tokenOf(other);
    const page = (await ask(own, `/api/v1/sessions/${ended}/events`, { token })).body as EventPage;
    expect(page.events.length).toBeGreaterThan(0);
    expect(page).toMatchObject({ isEnd: true, state: 'ended', fault: { code: 'LEASH_JOURNAL_CORRUPT' } });
    const stream = await ask(own, `/api/v1/sessions/${ended}/events/stream`, { token });
    expect(stream.text).toContain('event: fault');
  } finally {
    second.stdin?.end();
    await finished(second);
    other.remove();
  }
});
