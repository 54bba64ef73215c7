import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient, type StreamWord } from '../../src/client/client.ts';
import { eventually } from '../fixtures/asking.ts';
import { ask, freePort, served, tokenOf } from '../fixtures/control.ts';
import { finished, PERMISSIVE, Place, POLICY, sessionsOf, startLeash } from '../fixtures/leash.ts';

const AGENT = ['/bin/sh', '-c', 'while read -r name; do cat "$name"; done'];

const place = new Place();
let port = 0;
let token = '';
let id = '';
let client: ApiClient;
let session: ReturnType<typeof startLeash>;

beforeAll(async () => {
  port = await freePort();
  place.write('forbidden.txt', 'no\n');
  session = startLeash(place, { policy: POLICY, command: AGENT, args: ['--listen', String(port)] });
  await served(port);
  token = tokenOf(place);
  id = sessionsOf(place).at(-1) ?? '';
  client = new ApiClient(`http://127.0.0.1:${port}`, token);
});

afterAll(async () => {
  session.stdin?.end();
  await finished(session);
  place.remove();
});

test('the client reads, follows, edits and ends a session', async () => {
  expect((await client.sessions()).sessions).toHaveLength(1);
  const view = await eventually('the door', () => client.policy(id).catch(() => undefined));
  expect((await client.checkPolicy(id, 'permit(')).ok).toBe(false);
  await expect(client.editPolicy(id, 7, PERMISSIVE)).rejects.toMatchObject({
    status: 412,
    failure: { code: 'LEASH_API_CONFLICT' },
  });
  expect(await client.editPolicy(id, view.epoch, PERMISSIVE)).toBe(2);
  const { last } = await client.events(id, { limit: 5_000 });
  const words: StreamWord[] = [];
  const stream = (async () => {
    for await (const word of client.stream(id, { after: last })) words.push(word);
  })();
  session.stdin?.write('forbidden.txt\n');
  await eventually('the event', () => (JSON.stringify(words).includes('forbidden.txt') ? true : undefined));
  expect((await client.processes(id)).processes.length).toBeGreaterThan(1);
  expect(await client.questions()).toEqual({ questions: [], silent: [] });
  expect(words.every((word) => word.kind === 'event' && word.seq > last)).toBe(true);
  stream.catch(() => undefined); // it ends with the hub
});

test('a token is told to nobody who does not know it', async () => {
  let heard = '';
  const stranger = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard += chunk.toString();
      const body = JSON.stringify({ proof: 'A'.repeat(43) });
      socket.end(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  try {
    const { port: taken } = stranger.address() as AddressInfo;
    const misled = new ApiClient(`http://127.0.0.1:${taken}`, token);
    await expect(misled.sessions()).rejects.toMatchObject({ failure: { code: 'LEASH_API_STRANGER' } });
    expect(heard).toContain('/api/v1/hub');
    expect(heard).not.toContain(token.slice('user.'.length));
  } finally {
    stranger.close();
  }
});

test('the paths of the reference answer, with a token', async () => {
  const post = (path: string, body: unknown) => ask(port, path, { method: 'POST', token, body });
  expect((await ask(port, '/api/policies')).status).toBe(401);
  expect((await ask(port, '/api/policies', { token })).body).toMatchObject({ enforcementMode: 'enforce' });
  expect((await post('/api/policies', { cedar: POLICY })).body).toMatchObject({
    cedarRuntime: POLICY,
    cedarFile: POLICY,
  });
  expect((await post('/api/policies/validate', { cedar: POLICY })).body).toEqual({ issues: null });
  expect((await post('/api/policies/validate', { cedar: 'permit(' })).body).toMatchObject({
    issues: [{ severity: 'error', line: 1 }],
  });
  const kept = await post('/api/policies/persist', { cedar: `${POLICY}// kept` });
  expect(kept.body).toMatchObject({ cedarFile: `${POLICY}// kept` });
  expect((await post('/api/policies', { cedar: 'permit(' })).status).toBe(422);
  const complete = await post('/api/policies/complete', {
    cedar: '\npermit(principal, action == ',
    cursor: { line: 2, column: 29 },
    maxItems: 500,
  });
  expect(complete.body).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ label: 'FileWrite' })]),
  });
  expect((await post('/api/policies/complete', { cedar: '', cursor: { line: 0, column: 1 } })).status).toBe(400);
});

test('the API describes itself, with every path that there is', async () => {
  const { body } = await ask(port, '/api/openapi.json');
  const { openapi, paths } = body as { readonly openapi: string; readonly paths: Record<string, unknown> };
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/healthz', '/api/v1/sessions/{session}/events/stream', '/api/policies/complete']),
  );
});
