// What the head parser accepts, and what it refuses with which status.
import { describe, expect, it } from 'vitest';
import { ProtocolError, parseRequestHead, parseResponseHead } from '../../../../src/proxy/http/head.ts';

function statusOf(parse: () => unknown): number | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.status;
    throw error;
  }
}

describe('parseRequestHead', () => {
  it('reads a request', () => {
    expect(
      parseRequestHead('POST /a?b HTTP/1.1\r\nHost: x\r\nX-A:\t 1 \r\nConnection: Close, X-A\r\ncontent-length: 12'),
    ).toMatchObject({
      method: 'POST',
      target: '/a?b',
      isHttp10: false,
      host: 'x',
      contentLength: 12,
      isChunked: false,
      connection: ['close', 'x-a'],
      fields: [
        { name: 'host', value: 'x' },
        { name: 'x-a', value: '1', line: 'X-A:\t 1 ' },
        { name: 'connection' },
        { name: 'content-length' },
      ],
    });
    expect(parseRequestHead('GET / HTTP/1.0')).toMatchObject({ isHttp10: true, host: undefined });
    expect(parseRequestHead('GET / HTTP/1.1\r\nTransfer-Encoding: CHUNKED')).toMatchObject({ isChunked: true });
    expect(parseRequestHead('GET / HTTP/1.1\r\nX: caf\xe9\r\nEmpty:')).toMatchObject({
      fields: [{ value: 'caf\xe9' }, { value: '' }],
    });
  });

  it.each([
    ['', 400],
    ['GET /', 400],
    ['GET  / HTTP/1.1', 400],
    ['GET / HTTP/1.1 ', 400],
    [' GET / HTTP/1.1', 400],
    ['GET /a b HTTP/1.1', 400],
    ['GET /\xe9 HTTP/1.1', 400],
    ['G@T / HTTP/1.1', 400],
    ['GET / http/1.1', 400],
    ['GET / HTTP/2.0', 505],
    ['GET / HTTP/1.2', 505],
    ['GET / HTTP/0.9', 505],
    ['GET / HTTP/1.1\r\n: x', 400],
    ['GET / HTTP/1.1\r\nNoColon', 400],
    ['GET / HTTP/1.1\r\nA B: x', 400],
    ['GET / HTTP/1.1\r\nA\x7f: x', 400],
    ['GET / HTTP/1.1\r\nA: \x1b[2J', 400],
    ['GET / HTTP/1.1\r\nA: 1\r\n\tfolded', 400],
    ['GET / HTTP/1.1\r\nA: 1\rB: 2', 400],
    ['GET / HTTP/1.1\nA: 1', 400],
    ['GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1', 400],
    ['GET / HTTP/1.1\r\nContent-Length: ', 400],
    ['GET / HTTP/1.1\r\nContent-Length: 1e3', 400],
    ['GET / HTTP/1.1\r\nContent-Length: 9999999999999999', 400],
    ['GET / HTTP/1.1\r\nTransfer-Encoding: ', 501],
    ['GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked', 501],
    ['GET / HTTP/1.1\r\nTransfer-Encoding: "chunked"', 501],
    ['GET / HTTP/1.1\r\nUpgrade: a\r\nUpgrade: b', 400],
  ])('refuses %j with %d', (text, status) => {
    expect(statusOf(() => parseRequestHead(text))).toBe(status);
  });
});

describe('parseResponseHead', () => {
  it('reads a response', () => {
    expect(parseResponseHead('HTTP/1.1 204 No Content\r\nA: b')).toMatchObject({
      status: 204,
      startLine: 'HTTP/1.1 204 No Content',
    });
    expect(parseResponseHead('HTTP/1.0 200')).toMatchObject({ status: 200, isHttp10: true });
  });

  it.each([
    'HTTP/1.1 20 x',
    'HTTP/2 200',
    'HTTP/1.1  200 x',
    'ICY 200 OK',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2',
  ])('refuses %j', (text) => {
    expect(statusOf(() => parseResponseHead(text))).toBe(502);
  });
});
