// Heads and bodies out of a stream cut anywhere; arbitrary bytes end in a ProtocolError or in nothing, never in another failure.
import { describe, expect, it } from 'vitest';
import { requestFraming } from '../../../../src/proxy/http/body.ts';
import { ProtocolError, parseRequestHead, type RequestHead } from '../../../../src/proxy/http/head.ts';
import { MessageReader } from '../../../../src/proxy/http/reader.ts';

const STREAM =
  'POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /2 HTTP/1.1\r\nHost: x\r\n\r\nPUT /3 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';

/** Reads all messages of `bytes` pushed in pieces. @returns target and body of each complete one. */
function readAll(bytes: Buffer, size: () => number): string[] {
  const reader = new MessageReader<RequestHead>(parseRequestHead, 431);
  const messages: string[] = [];
  let framing: ReturnType<typeof requestFraming> | undefined;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const next = at + size();
    reader.push(bytes.subarray(at, next));
    at = next;
    for (;;) {
      if (framing === undefined) {
        const head = reader.head();
        if (head === undefined) break;
        text = head.target;
        framing = requestFraming(head);
      }
      if (!framing.isComplete) {
        const part = reader.body(framing);
        if (part === undefined) break;
        text += part.bytes.toString('latin1');
      }
      if (!framing.isComplete) continue;
      messages.push(text);
      framing = undefined;
    }
  }
  return messages;
}

describe('MessageReader', () => {
  it.each([1, 2, 3, 5, 8, 13, 1000])('reads pipelined messages cut every %d bytes', (size) => {
    expect(readAll(Buffer.from(STREAM), () => size)).toEqual(['/1hello', '/2', '/33\r\nabc\r\n0\r\n\r\n']);
  });

  it('refuses a head above the limit, complete or not', () => {
    const reader = new MessageReader(parseRequestHead, 431);
    reader.push(Buffer.from(`GET / HTTP/1.1\r\nX: ${'a'.repeat(65_536)}`));
    expect(() => reader.head()).toThrow(expect.objectContaining({ status: 431 }));
    reader.push(Buffer.from('\r\n\r\n'));
    expect(() => reader.head()).toThrow(ProtocolError);
  });

  it('gives back what was not read', () => {
    const reader = new MessageReader(parseRequestHead, 431);
    reader.push(Buffer.from('GET / HTTP/1.1\r\n\r\nrest'));
    reader.head();
    expect(reader.buffered).toBe(4);
    expect(reader.rest()?.toString()).toBe('rest');
    expect(reader.rest()).toBeUndefined();
  });

  it('throws nothing but ProtocolError on mutated streams', () => {
    let seed = 7;
    const random = (limit: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % limit;
    };
    const interesting = [0, 9, 10, 13, 32, 58, 59, 127, 255];
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const bytes = Buffer.from(STREAM);
      for (let n = random(5); n >= 0; n--)
        bytes[random(bytes.length)] = random(2) === 0 ? random(256) : (interesting[random(9)] ?? 0);
      try {
        readAll(bytes, () => 1 + random(60));
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(5000);
  });
});
