// Header lists of HTTP/2 in and out: what is one request, what is none, and what of it is sent on.
import { sensitiveHeaders } from 'node:http2';
import { describe, expect, it } from 'vitest';
import type { Field } from '../../../../src/proxy/http/head.ts';
import {
  forwardedInterim,
  forwardedRequest,
  forwardedResponse,
  readRequest,
  readResponse,
  readTrailers,
  type StreamRequest,
} from '../../../../src/proxy/http2/message.ts';

const ORIGIN = { name: 'a.test', port: 443, scheme: 'https' } as const;
const BASE = [':method', 'GET', ':scheme', 'https', ':authority', 'a.test', ':path', '/x?y=1'];
const field = (name: string, value: string): Field => ({ name, value, line: `${name}: ${value}` });

function request(...more: string[]): StreamRequest {
  const read = readRequest([...BASE, ...more], ORIGIN);
  if ('status' in read) throw new Error(read.reason);
  return read;
}

const status = (raw: readonly string[]): number | undefined => {
  const read = readRequest(raw, ORIGIN);
  return 'status' in read ? read.status : undefined;
};

describe('readRequest', () => {
  it('reads fields without pseudo-headers and Host, and joins the crumbs of a cookie', () => {
    const { message, target } = request('x-a', '1', 'host', 'A.test.', 'cookie', 'a=1', 'cookie', 'b=2');
    expect(message).toMatchObject({ method: 'GET', path: '/x?y=1' });
    expect(message.fields.map(({ line }) => line)).toEqual(['x-a: 1', 'cookie: a=1; b=2']);
    expect(target).toEqual({ path: '/x?y=1', host: 'a.test' });
  });

  it('takes Host where there is no :authority, in one spelling', () => {
    const read = readRequest([':method', 'GET', ':scheme', 'https', ':path', '/', 'host', 'A.TEST:443'], ORIGIN);
    expect(read).toMatchObject({ target: { host: 'a.test:443' } });
  });

  it.each<[string, readonly string[], number]>([
    ['another authority', [':method', 'GET', ':scheme', 'https', ':authority', 'b.test', ':path', '/'], 421],
    ['another Host', [...BASE, 'host', 'b.test'], 421],
    ['two Hosts', [...BASE, 'host', 'a.test', 'host', 'a.test'], 400],
    ['another scheme', [':method', 'GET', ':scheme', 'http', ':authority', 'a.test', ':path', '/'], 421],
    ['no scheme', [':method', 'GET', ':authority', 'a.test', ':path', '/'], 421],
    ['CONNECT', [':method', 'CONNECT', ':authority', 'a.test:443'], 400],
    ['extended CONNECT', [...BASE, ':protocol', 'websocket'], 400],
    [
      'an absolute path',
      [':method', 'GET', ':scheme', 'https', ':authority', 'a.test', ':path', 'https://a.test/'],
      400,
    ],
    ['nothing', [], 400],
  ])('%s: %#', (_what, raw, expected) => {
    expect(status(raw)).toBe(expected);
  });

  it.each<[string, readonly string[]]>([
    ['a pseudo-header twice', [...BASE, ':path', '/y']],
    ['a control character', [...BASE, 'x', 'a\rb']],
    ['an upper-case name', [...BASE, 'X', 'a']],
    ['a name that no object holds', [...BASE, '__proto__', 'a']],
    ['more than 64 KiB', [...BASE, ...Array.from({ length: 2000 }, () => ['x', 'a'.repeat(10)]).flat()]],
  ])('%s is no message', (_what, raw) => {
    expect(() => readRequest(raw, ORIGIN)).toThrow();
  });
});

describe('what is sent on', () => {
  it('of a request: its fields, those of brokers never indexed, nothing of the connection', () => {
    const asked = request(
      'x-a',
      '1',
      'x-a',
      '2',
      'te',
      'trailers',
      'proxy-authorization',
      'secret',
      'constructor',
      'c',
    );
    const outgoing = { path: '/z', fields: [...asked.message.fields, field('authorization', 'Bearer x')] };
    expect(forwardedRequest(asked, 'https', outgoing, { [sensitiveHeaders]: ['x-a'] } as never)).toEqual({
      ':method': 'GET',
      ':scheme': 'https',
      ':authority': 'a.test',
      ':path': '/z',
      'x-a': ['1', '2'],
      te: 'trailers',
      constructor: 'c',
      authorization: 'Bearer x',
      [sensitiveHeaders]: ['x-a', 'authorization'],
    });
  });

  it('a credential twice is refused', () => {
    const asked = request('authorization', 'a', 'authorization', 'a');
    expect(() => forwardedRequest(asked, 'https', { path: '/', fields: asked.message.fields }, {})).toThrow(
      'more than one',
    );
  });

  it('of a response: no Alt-Svc; no length when the body is changed; doubles of single fields become one', () => {
    const { fields } = readResponse([
      ':status',
      '200',
      'alt-svc',
      'h3',
      'content-length',
      '5',
      'x-content-type-options',
      'nosniff',
      'x-content-type-options',
      'nosniff',
      'etag',
      'a',
      'etag',
      'b',
    ]);
    const body = { changes: true, push: (content: Buffer) => content, end: () => Buffer.alloc(0) };
    expect(forwardedResponse(200, { fields, body }, {})).toEqual({
      ':status': 200,
      'x-content-type-options': 'nosniff',
      etag: 'a, b',
    });
  });

  it.each(['99', '100', '101', '600', 'abc', ''])('status %j is no response', (value) => {
    expect(() => readResponse([':status', value])).toThrow();
  });

  it('of an interim response: all but 101', () => {
    expect(forwardedInterim([':status', '103', 'link', 'a', 'alt-svc', 'h3'], false)).toEqual({
      ':status': 103,
      link: 'a',
    });
    expect(forwardedInterim([':status', '103', 'link', 'a'], true)).toEqual({ ':status': 103 });
    expect(['101', '200', 'x'].map((value) => forwardedInterim([':status', value], false))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('of trailers: no field of a head', () => {
    expect(readTrailers(['x-sum', '1', 'content-length', '5', 'host', 'b']).map(({ name }) => name)).toEqual(['x-sum']);
    expect(() => readTrailers([':path', '/'])).toThrow();
  });
});
