// Bodies that pass the proxy are recorded as far as they are text, cut where they are long, without credentials; and pass as they are.
import { Buffer } from 'node:buffer';
import type http from 'node:http';
import zlib from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { readBodyFile } from '../../src/journal/body-files.ts';
import { bodyBroker } from '../../src/proxy/bodies/body-broker.ts';
import type { Event } from '../../src/schema/event.ts';
import { bodyKeeper } from '../../src/session/brokers.ts';
import { temporaryFolder } from '../unit/journal/sample-session.ts';
import { Lab } from './proxy-lab.ts';

const SECRET = 'token-0123456789abcdef';

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
});

interface Site {
  readonly lab: Lab;
  readonly port: number;
  /** What was written of a body; undefined when nothing was. */
  readonly written: (event: Event, direction: 'request' | 'response') => Buffer | undefined;
}

async function site(handler: http.RequestListener): Promise<Site> {
  const dir = temporaryFolder();
  const made = new Lab({ brokers: [bodyBroker(bodyKeeper({ dir, credentials: [['TOKEN', SECRET]] }))] });
  lab = made;
  await made.httpOrigin('site.test', (request, response) => {
    request.resume();
    request.on('end', () => handler(request, response));
  });
  const written = ({ detail = {} }: Event, direction: string): Buffer | undefined => {
    const [name, sha256] = [detail[`${direction}_body`], detail[`${direction}_body_sha256`]];
    return typeof name === 'string' && typeof sha256 === 'string' ? readBodyFile(dir, { name, sha256 }) : undefined;
  };
  return { lab: made, port: await made.dialledName('site.test', 80), written };
}

const isRequest = ({ action }: Event): boolean => action === 'HttpRequest';
const post = (type: string, body: Buffer, more = ''): string =>
  `POST / HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n${more}\r\n${body.toString('latin1')}`;

it('text of both directions is written, decoded and cleaned; the agent gets what was sent', async () => {
  const answer = zlib.gzipSync(`{"your":"${SECRET}"}`);
  const {
    lab: made,
    port,
    written,
  } = await site((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(answer),
  );
  const got = await made.speak(port, [post('text/plain; charset=utf-8', Buffer.from(`say ${SECRET}`))]);
  expect(got).toContain(answer.toString('latin1'));
  const event = await made.event(isRequest);
  expect(written(event, 'request')?.toString()).toBe('say [TOKEN]');
  expect(written(event, 'response')?.toString()).toBe('{"your":"[TOKEN]"}');
  expect(event.detail).toMatchObject({ request_body_type: 'text/plain; charset=utf-8' });
  expect(event.detail).not.toHaveProperty('request_body_cut');
});

it.each([
  ['no type', ''],
  ['an image', 'image/png'],
  ['a form with files', 'multipart/form-data; boundary=x'],
  ['a text that only begins so', 'application/jsonish'],
])('what is no text is not written: %s', async (_name, type) => {
  const { lab: made, port, written } = await site((_request, response) => response.writeHead(204).end());
  await made.speak(port, [post(type, Buffer.from('hello'))]);
  const event = await made.event(isRequest);
  expect([written(event, 'request'), written(event, 'response')]).toEqual([undefined, undefined]);
});

it.each([0, 1, 10, SECRET.length - 1, SECRET.length])(
  'a long body is cut, and a credential at the place of the cut is not written in part: %d',
  async (into) => {
    const at = (1 << 20) - into;
    const body = `${'x'.repeat(at)}${SECRET}${'y'.repeat(3 << 20)}`;
    const {
      lab: made,
      port,
      written,
    } = await site((_request, response) => {
      response.setHeader('content-type', 'text/plain');
      // Cut by what is kept at all, at the same place.
      response.end(`${'x'.repeat((2 << 20) - into)}${SECRET}${'y'.repeat(1000)}`);
    });
    await made.speak(port, [post('text/plain', Buffer.from(body))]);
    const event = await made.event(isRequest);
    for (const direction of ['request', 'response'] as const) {
      const kept = written(event, direction)?.toString() ?? '';
      expect(kept.length).toBe(1 << 20);
      expect(kept).not.toContain('token-');
      expect(event.detail?.[`${direction}_body_cut`]).toBe(true);
    }
  },
);

it('an answer that breaks off is written as far as it came, marked, and without the beginning of a credential', async () => {
  const {
    lab: made,
    port,
    written,
  } = await site((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${'z'.repeat(500)}\n\ndata: ${SECRET.slice(0, -1)}`, () => response.destroy());
  });
  await made.speak(port, [post('text/plain', Buffer.from('hello'))]);
  const event = await made.event(isRequest);
  const kept = written(event, 'response')?.toString() ?? '';
  expect(kept).toContain('data: zzz');
  expect(kept).not.toContain(SECRET.slice(0, -1));
  expect(event.detail?.['response_body_cut']).toBe(true);
});

it('a bomb is not written, and harms nothing', async () => {
  const bomb = zlib.gzipSync(Buffer.alloc(64 << 20));
  const {
    lab: made,
    port,
    written,
  } = await site((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(bomb),
  );
  await made.speak(port, [post('text/plain', Buffer.from('hello'))]);
  const event = await made.event(isRequest);
  expect(written(event, 'request')?.toString()).toBe('hello');
  expect(written(event, 'response')).toBeUndefined();
});

it('each exchange has files of its own', async () => {
  const { lab: made, port, written } = await site((_request, response) => response.end('x'));
  for (const body of ['one', 'two', 'three']) await made.speak(port, [post('text/plain', Buffer.from(body))]);
  const events = made.events.filter(isRequest);
  expect(events.map((event) => written(event, 'request')?.toString())).toEqual(['one', 'two', 'three']);
});
