// Body framing: where each body ends however its bytes are cut, and which chunked bodies are refused.
import { describe, expect, it } from 'vitest';
import {
  type BodyFraming,
  ChunkedFraming,
  ConnectionFraming,
  LengthFraming,
  requestFraming,
  responseFraming,
} from '../../../../src/proxy/http/body.ts';
import { ProtocolError, parseRequestHead, parseResponseHead } from '../../../../src/proxy/http/head.ts';

/** Feeds `bytes` in pieces of `size`. @returns how many bytes belonged to the body. */
function feed(framing: BodyFraming, bytes: Buffer, size: number): number {
  let taken = 0;
  for (let at = 0; at < bytes.length && !framing.isComplete; at += size)
    taken += framing.feed(bytes.subarray(at, at + size), 0);
  return taken;
}

describe('ChunkedFraming', () => {
  const body = '5;name="a;b"\r\nhello\r\nA \t;x\r\n0123456789\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n';
  it.each([1, 2, 3, 7, 1000])('ends at its end when cut every %d bytes', (size) => {
    const framing = new ChunkedFraming();
    expect(feed(framing, Buffer.from(body), size)).toBe(body.length);
    expect(framing.isComplete).toBe(true);
  });

  it('leaves what follows', () => {
    const framing = new ChunkedFraming();
    expect(framing.feed(Buffer.from(`xx${body}GET / HTTP/1.1`), 2)).toBe(body.length);
  });

  it.each([
    '\r\n',
    ' 5\r\nhello\r\n',
    '5 \r\n',
    '+5\r\n',
    '0x5\r\n',
    'g\r\n',
    '5\nhello\r\n',
    '5\rhello\r\n',
    '5\r\nhelloX\r\n',
    '5\r\nhello\n0\r\n',
    '0\r\nbad trailer\r\n',
    '0\r\n : x\r\n',
    '1234567890abc\r\n',
    `5;${'x'.repeat(9000)}`,
    `0\r\n${`A: ${'x'.repeat(4000)}\r\n`.repeat(9)}`,
  ])('refuses case %#', (text) => {
    for (const size of [1, 1000])
      expect(() => feed(new ChunkedFraming(), Buffer.from(text), size)).toThrow(ProtocolError);
  });
});

describe('framing of messages', () => {
  const request = (fields: string): BodyFraming => requestFraming(parseRequestHead(`POST / HTTP/1.1${fields}`));
  const response = (status: number, fields: string, method = 'GET'): BodyFraming =>
    responseFraming(parseResponseHead(`HTTP/1.1 ${status} X${fields}`), method);

  it('follows RFC 9112, section 6.3', () => {
    expect(request('').isComplete).toBe(true);
    expect(request('\r\nContent-Length: 0').isComplete).toBe(true);
    expect(request('\r\nContent-Length: 3')).toBeInstanceOf(LengthFraming);
    expect(request('\r\nTransfer-Encoding: chunked')).toBeInstanceOf(ChunkedFraming);
    expect(response(200, '\r\nContent-Length: 3')).toBeInstanceOf(LengthFraming);
    expect(response(200, '\r\nTransfer-Encoding: chunked')).toBeInstanceOf(ChunkedFraming);
    expect(response(200, '')).toBeInstanceOf(ConnectionFraming);
    for (const framing of [
      response(204, ''),
      response(304, '\r\nContent-Length: 9'),
      response(200, '\r\nContent-Length: 9', 'HEAD'),
    ])
      expect(framing.isComplete).toBe(true);
  });

  it('takes no more than the length', () => {
    const framing = new LengthFraming(5);
    expect([
      framing.feed(Buffer.from('abc'), 0),
      framing.isComplete,
      framing.feed(Buffer.from('xdefg'), 1),
      framing.isComplete,
    ]).toEqual([3, false, 2, true]);
  });
});
