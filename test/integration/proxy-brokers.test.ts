// Brokers between the agent and the server: what they see, what they change, and that nothing passes when they fail.
import { Buffer } from 'node:buffer';
import type http from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import type { BodyFilter, Broker, Description, Refusal } from '../../src/proxy/exchange/passage.ts';
import { ownRefusal } from '../../src/proxy/options.ts';
import { replacing } from './proxy-filters.ts';
import { Lab, statuses } from './proxy-lab.ts';

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
});

const rewriting: Broker = {
  edit: (outgoing) => ({
    ...outgoing,
    fields: [...outgoing.fields, { name: 'x-added', value: 'yes', line: 'X-Added: yes' }],
    body: replacing('placeholder', 'the real value'),
    response: ({ fields }) => ({ fields, body: replacing('the real value', 'placeholder') }),
  }),
};

async function site(brokers: readonly Broker[], handler: http.RequestListener): Promise<{ lab: Lab; port: number }> {
  const made = new Lab({ brokers });
  lab = made;
  await made.httpOrigin('site.test', handler);
  return { lab: made, port: await made.dialledName('site.test', 80) };
}

function echoing(request: http.IncomingMessage, response: http.ServerResponse): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { 'x-added': added = '', 'transfer-encoding': coding = 'length' } = request.headers;
    const text = `${String(added)} ${coding} ${Buffer.concat(parts).toString()}`;
    if (request.url === '/length') response.setHeader('content-length', text.length);
    if (request.url === '/close') response.useChunkedEncodingByDefault = false;
    response.write(text.slice(0, text.length / 2));
    response.end(text.slice(text.length / 2));
  });
}

it.each(['/length', '/chunked', '/close'])('bodies are changed both ways: %s', async (path) => {
  const seen: string[] = [];
  const { port } = await site([rewriting], (request, response) => {
    request.on('data', (part: Buffer) => seen.push(part.toString()));
    echoing(request, response);
  });
  const common = [`http://site.test${path}`, '--data-binary', 'a placeholder, twice: placeholder'];
  expect(await lab?.curl(port, common)).toBe('yes chunked a placeholder, twice: placeholder');
  expect(await lab?.curl(port, [...common, '-H', 'Transfer-Encoding: chunked'])).toBe(
    'yes chunked a placeholder, twice: placeholder',
  );
  expect(seen.join('')).toBe('a the real value, twice: the real value'.repeat(2));
});

it('a kept connection stays in step after a changed body', async () => {
  const { port, lab: made } = await site([rewriting], echoing);
  const post = 'POST /length HTTP/1.1\r\nHost: site.test\r\nContent-Length: 11\r\n\r\nplaceholder';
  const last = 'GET /chunked HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n';
  const answer = await made.speak(port, [post + post + last]);
  expect(statuses(answer)).toEqual([200, 200, 200]);
  expect(answer.match(/yes chunked placeholder|yes length/g)).toHaveLength(3);
});

it('HTTP/1.0 gets a changed answer without chunks, and cannot have its own body changed', async () => {
  const { port, lab: made } = await site([rewriting], (_request, response) => response.end('the real value'));
  const answer = await made.speak(port, ['GET / HTTP/1.0\r\nHost: site.test\r\n\r\n']);
  expect(answer).toMatch(/\r\n\r\nplaceholder$/);
  expect(answer.toLowerCase()).not.toContain('transfer-encoding');
  const refused = await made.speak(port, ['POST / HTTP/1.0\r\nHost: site.test\r\nContent-Length: 2\r\n\r\nhi']);
  expect(statuses(refused)).toEqual([501]);
});

it('a broker that only looks sees the content, and the bytes pass as they are', async () => {
  const parts: Buffer[] = [];
  const tap: BodyFilter = {
    changes: false,
    push: (content) => {
      parts.push(Buffer.from(content));
      return content;
    },
    end: () => Buffer.alloc(0),
  };
  const zipped = gzipSync('hello');
  const { port, lab: made } = await site(
    [
      {
        edit: (outgoing) => ({
          ...outgoing,
          response: ({ fields }) => ({ fields, body: tap }),
          detail: () => ({ seen: parts.length }),
        }),
      },
    ],
    (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip', trailer: 'x-end' }).end(zipped),
  );
  expect(await made.curl(port, ['--compressed', 'http://site.test/'])).toBe('hello');
  expect(Buffer.concat(parts)).toEqual(zipped);
  expect((await made.event(({ action }) => action === 'HttpRequest')).detail?.['seen']).toBeGreaterThan(0);
});

it('a body that the policy looks at is read before the request is judged, and held back when it is refused', async () => {
  const reached: string[] = [];
  const looked: (string | undefined)[] = [];
  const broker: Broker = {
    reads: ({ method }) => (method === 'POST' ? 16 : 0),
    describe: (_message, body): Description | Refusal => {
      looked.push(body?.toString());
      if (body !== undefined && !body.includes('bad')) return {};
      const reason = body === undefined ? 'longer than is looked at' : 'it says bad';
      return { reply: { status: 403, message: reason }, decision: ownRefusal(reason, 1) };
    },
  };
  const { port, lab: made } = await site([broker], (request, response) => {
    reached.push(request.url ?? '');
    echoing(request, response);
  });
  const say = (path: string, body: string): Promise<string> =>
    made.curl(port, ['-H', 'Expect: 100-continue', '--data-binary', body, `http://site.test${path}`]);
  expect(await say('/good', 'good')).toContain('good');
  expect(await say('/bad', 'a bad one')).toContain('it says bad');
  expect(await say('/long', 'x'.repeat(17))).toContain('longer than is looked at');
  expect(looked).toEqual(['good', 'a bad one', undefined]);
  expect(reached).toEqual(['/good']);
  expect((await made.event(({ detail }) => detail?.['path'] === '/bad')).effect).toBe('deny');
});

it.each<[string, Broker]>([
  [
    'in an edit',
    {
      edit: () => {
        throw new Error('broken');
      },
    },
  ],
  ['in a late edit', { edit: () => Promise.reject(new Error('broken')) }],
  [
    'in what reads ahead',
    {
      reads: () => {
        throw new Error('broken');
      },
    },
  ],
])('a failure %s ends the connection and nothing reaches the server', async (_where, broker) => {
  let requests = 0;
  const { port, lab: made } = await site([broker], (_request, response) => {
    requests += 1;
    response.end();
  });
  const answer = await made.speak(port, ['POST / HTTP/1.1\r\nHost: site.test\r\nContent-Length: 2\r\n\r\nhi']);
  expect(answer).toBe('');
  expect(requests).toBe(0);
});

it('a failing filter of a response ends both sides', async () => {
  const broken: BodyFilter = {
    changes: true,
    push: () => {
      throw new Error('broken');
    },
    end: () => Buffer.alloc(0),
  };
  const { port, lab: made } = await site(
    [{ edit: (outgoing) => ({ ...outgoing, response: ({ fields }) => ({ fields, body: broken }) }) }],
    (_request, response) => response.end('a secret'),
  );
  expect(await made.speak(port, ['GET / HTTP/1.1\r\nHost: site.test\r\n\r\n'])).not.toContain('secret');
  expect((await made.event(({ action }) => action === 'HttpRequest')).error).toBe('EIO');
});
