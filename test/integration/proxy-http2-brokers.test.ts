// Brokers, questions and reloads over HTTP/2: the same words as over HTTP/1.1, for each stream.
import { Buffer } from 'node:buffer';
import type { ClientHttp2Session } from 'node:http2';
import { afterEach, expect, it } from 'vitest';
import type { BodyFilter, Broker } from '../../src/proxy/exchange/passage.ts';
import { ownRefusal } from '../../src/proxy/options.ts';
import type { Request } from '../../src/schema/request.ts';
import { replacing } from './proxy-filters.ts';
import { type Answer, ask, connect, http2Origin, until } from './proxy-http2-lab.ts';
import { ALLOWED, DENIED, Lab, type LabOptions } from './proxy-lab.ts';

const NAME = 'site.test';
let lab: Lab;
let session: ClientHttp2Session | undefined;
afterEach(async () => {
  session?.destroy();
  await lab.close();
});

interface Seen {
  readonly path: string;
  readonly added: string;
  readonly length: string;
  body: string;
}

/** A server that says back what it got; `/open` stays open after its first part. */
async function site(options: LabOptions, status = '0'): Promise<{ client: ClientHttp2Session; seen: Seen[] }> {
  lab = new Lab(options);
  const seen: Seen[] = [];
  await http2Origin(lab, NAME, (stream, headers) => {
    const one = {
      path: String(headers[':path']),
      added: String(headers['x-added'] ?? ''),
      length: String(headers['content-length'] ?? ''),
      body: '',
    };
    seen.push(one);
    stream.on('data', (part: Buffer) => {
      one.body += part.toString();
    });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status, 'x-trailer': 'the real value' }));
    const answer = (): void => {
      if (stream.closed) return;
      const text = `answer: ${one.body}`;
      stream.respond({ ':status': 200, 'content-length': String(text.length) }, { waitForTrailers: true });
      stream.write(text.slice(0, 9));
      stream.end(text.slice(9));
    };
    if (one.path !== '/open') stream.on('end', answer);
    else {
      stream.respond({ ':status': 200 });
      stream.write('open');
    }
  });
  session = connect(lab, await lab.dialledName(NAME, 443), NAME);
  return { client: session, seen };
}

const post = async (client: ClientHttp2Session, path: string, body: string): Promise<Answer> =>
  await ask(client, { ':path': path, ':method': 'POST', 'content-length': String(body.length) }, { body: [...body] });

it('bodies are changed both ways, lengths and trailers with them', async () => {
  const { client, seen } = await site({
    brokers: [
      {
        edit: (outgoing) => ({
          ...outgoing,
          path: `${outgoing.path}?edited`,
          fields: [...outgoing.fields, { name: 'x-added', value: 'yes', line: 'X-Added: yes' }],
          body: replacing('placeholder', 'the real value'),
          response: ({ fields }) => ({ fields, body: replacing('the real value', 'placeholder') }),
          detail: () => ({ edited: true }),
        }),
      },
    ],
  });
  const answer = await post(client, '/', 'a placeholder, twice: placeholder');
  expect(seen).toEqual([
    { path: '/?edited', added: 'yes', length: '', body: 'a the real value, twice: the real value' },
  ]);
  expect(answer.body.toString()).toBe('answer: a placeholder, twice: placeholder');
  expect(answer.headers).not.toHaveProperty('content-length');
  expect(answer.trailers).toMatchObject({ 'grpc-status': '0' });
  expect(JSON.stringify(answer.trailers)).not.toContain('real');
  expect((await lab.event(({ action }) => action === 'HttpRequest')).detail).toMatchObject({
    edited: true,
    grpc_status: 0,
  });
});

it('a broker may edit trailers, and one that only looks changes nothing', async () => {
  const parts: Buffer[] = [];
  const tap: BodyFilter = {
    changes: false,
    push: (content) => {
      parts.push(Buffer.from(content));
      return Buffer.alloc(0);
    },
    end: () => Buffer.alloc(0),
  };
  const { client } = await site({
    brokers: [
      {
        edit: (outgoing) => ({
          ...outgoing,
          response: ({ fields }) => ({
            fields,
            body: tap,
            trailers: (trailers) => trailers.filter(({ name }) => name !== 'x-trailer'),
          }),
        }),
      },
    ],
  });
  const answer = await post(client, '/', 'hello');
  expect(answer.body.toString()).toBe('answer: hello');
  expect(Buffer.concat(parts).toString()).toBe('answer: hello');
  expect(answer.headers).toMatchObject({ 'content-length': '13' });
  expect(answer.trailers).toMatchObject({ 'grpc-status': '0' });
  expect(answer.trailers).not.toHaveProperty('x-trailer');
});

it('a body that the policy looks at is read before the request is judged, and held back when it is refused', async () => {
  const looked: (string | undefined)[] = [];
  const broker: Broker = {
    reads: ({ method }) => (method === 'POST' ? 16 : 0),
    describe: (_message, body): ReturnType<NonNullable<Broker['describe']>> => {
      looked.push(body?.toString());
      if (body !== undefined && !body.includes('bad')) return {};
      const reason = body === undefined ? 'longer than is looked at' : 'it says bad';
      return { reply: { status: 403, message: reason }, decision: ownRefusal(reason, 1) };
    },
  };
  const { client, seen } = await site({ brokers: [broker] });
  expect((await post(client, '/good', 'good')).body.toString()).toBe('answer: good');
  expect((await post(client, '/bad', 'a bad one')).body.toString()).toContain('it says bad');
  expect((await post(client, '/long', 'x'.repeat(100_000))).body.toString()).toContain('longer than is looked at');
  const expecting = await ask(
    client,
    { ':path': '/wait', ':method': 'POST', expect: '100-continue' },
    { body: 'waits' },
  );
  expect([expecting.interim, expecting.body.toString()]).toEqual([[100], 'answer: waits']);
  expect(looked).toEqual(['good', 'a bad one', undefined, 'waits']);
  expect(seen.map(({ path, body }) => [path, body])).toEqual([
    ['/good', 'good'],
    ['/wait', 'waits'],
  ]);
  expect((await lab.event(({ detail }) => detail?.['path'] === '/bad')).effect).toBe('deny');
});

const broken = (): never => {
  throw new Error('broken');
};

it.each<[string, Broker]>([
  ['in an edit', { edit: broken }],
  ['in a late edit', { edit: () => Promise.reject(new Error('broken')) }],
  ['in what reads ahead', { reads: broken }],
  ['in what describes', { reads: () => 10, describe: broken }],
  [
    'in a request filter',
    { edit: (outgoing) => ({ ...outgoing, body: { changes: true, push: broken, end: broken } }) },
  ],
  ['in a response edit', { edit: (outgoing) => ({ ...outgoing, response: broken }) }],
  [
    'in a response filter',
    {
      edit: (outgoing) => ({
        ...outgoing,
        response: ({ fields }) => ({ fields, body: { changes: true, push: broken, end: broken } }),
      }),
    },
  ],
  [
    'in an edit of trailers',
    { edit: (outgoing) => ({ ...outgoing, response: ({ fields }) => ({ fields, trailers: broken }) }) },
  ],
])('a failure %s ends that stream, and no other', async (where, failing) => {
  // Only requests to /broken meet the failure.
  const broker: Broker = {
    reads: (message, peer) => (message.path === '/broken' ? (failing.reads?.(message, peer) ?? 0) : 0),
    describe: (message, body, peer) => failing.describe?.(message, body, peer) ?? {},
    edit: (outgoing, request, peer, abandoned) =>
      request.path === '/broken' ? (failing.edit?.(outgoing, request, peer, abandoned) ?? outgoing) : outgoing,
  };
  const { client } = await site({ brokers: [broker] });
  const [answer, other] = await Promise.all([post(client, '/broken', 'secret'), post(client, '/', 'ok')]);
  expect(other.body.toString()).toBe('answer: ok');
  // By the time of the trailers all else was in order, and is with the client.
  if (!where.includes('trailers')) expect(answer.body.toString()).not.toContain('answer: secret');
  expect(answer.code === 0 ? answer.status : answer.code).not.toBe(200);
});

it('a reload ends the streams that are not permitted any more, and no others', async () => {
  const { client } = await site({});
  const open = client.request({ ':path': '/open' });
  const kept = client.request({ ':path': '/open', 'x-kept': 'yes' });
  for (const stream of [open, kept]) stream.on('error', () => {});
  await Promise.all([open, kept].map(async (stream) => new Promise((resolve) => stream.once('data', resolve))));
  const ended = new Promise((resolve) => open.once('close', resolve));
  lab.decide = (request: Request) =>
    request.action === 'HttpRequest' && !request.headers.has('x-kept') ? DENIED : ALLOWED;
  lab.proxy.rejudge();
  await ended;
  expect(kept.closed).toBe(false);
  expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({
    action: 'HttpRequest',
    policies: ['no-secrets'],
    error: 'ECONNRESET',
    detail: { status: 200, bytes_in: 4 },
  });
  expect((await ask(client, { ':path': '/' })).status).toBe(403);
  lab.decide = ({ action }) => (action === 'NetConnect' ? DENIED : ALLOWED);
  const gone = new Promise((resolve) => client.once('close', resolve));
  lab.proxy.rejudge();
  await gone;
});

it('a request about which a person is asked waits, and others do not', async () => {
  const answers: ((word: 'allow' | 'deny') => void)[] = [];
  const asked = { ...DENIED, ask: 'may it?' };
  const { client, seen } = await site({
    decide: (request) => (request.action === 'HttpRequest' && request.path.startsWith('/ask') ? asked : ALLOWED),
    ask: async () =>
      await new Promise((resolve) => answers.push((word) => resolve(word === 'allow' ? ALLOWED : asked))),
  });
  const first = post(client, '/ask/1', 'one');
  const second = post(client, '/ask/2', 'two');
  await until(() => answers.length === 2);
  expect((await post(client, '/', 'now')).status).toBe(200);
  expect(seen.map(({ path }) => path)).toEqual(['/']);
  answers[0]?.('allow');
  answers[1]?.('deny');
  expect([(await first).body.toString(), (await second).status]).toEqual(['answer: one', 403]);
});

it('nobody is waited for any more when the client gives the request up', async () => {
  const signals: AbortSignal[] = [];
  const { client } = await site({
    decide: ({ action }) => (action === 'HttpRequest' ? { ...DENIED, ask: 'may it?' } : ALLOWED),
    ask: async (_request, { signal }) => {
      signals.push(signal);
      return await new Promise(() => {});
    },
  });
  const stream = client.request({ ':path': '/ask' });
  stream.on('error', () => {});
  await until(() => signals.length === 1);
  stream.close(8);
  await until(() => signals[0]?.aborted === true);
});
