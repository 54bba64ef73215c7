import { Buffer } from 'node:buffer';
import { createHash, randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PatternSearch } from '../../../../src/proxy/secrets/pattern-search.ts';
import { Scrubber } from '../../../../src/proxy/secrets/scrub.ts';
import { webSocketBody } from '../../../../src/proxy/secrets/web-socket.ts';

/** Few letters, so that beginnings of patterns and overlaps are common. */
function random(length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => 'ab'[randomInt(2)]).join(''));
}

function naive(text: Buffer, patterns: readonly Buffer[], from: number): { start: number; length: number } | undefined {
  for (let start = from; start < text.length; start++) {
    const here = patterns.filter((pattern) => text.subarray(start, start + pattern.length).equals(pattern));
    if (here.length > 0) return { start, length: Math.max(...here.map(({ length }) => length)) };
  }
  return undefined;
}

it('a search finds what looking at each place finds: 20,000 random texts', () => {
  for (let round = 0; round < 2_000; round++) {
    const patterns = Array.from({ length: 1 + randomInt(4) }, () => random(2 + randomInt(7)));
    const search = new PatternSearch(patterns);
    for (let text = 0; text < 10; text++) {
      const bytes = random(randomInt(40));
      const from = randomInt(4);
      const match = search.find(bytes, from);
      expect(match && { start: match.start, length: match.end - match.start }).toEqual(naive(bytes, patterns, from));
      const open = search.openEnd(bytes, from);
      const isOpen = (at: number): boolean =>
        patterns.some((pattern) => {
          const left = bytes.subarray(at);
          return left.length < pattern.length && pattern.subarray(0, left.length).equals(left);
        });
      const first = Array.from({ length: bytes.length }, (_, at) => at).find((at) => at >= from && isOpen(at));
      expect(open).toBe(first ?? bytes.length);
    }
  }
});

const HIDDEN = [
  { value: 'abcabcabd', placeholder: 'XXXXXXXXX' },
  { value: 'abcabcabdabcabcabe', placeholder: 'YYYYYYYYYYYYYYYYYY' },
  { value: 'cabdabca', placeholder: 'ZZZZZZZZ' },
];

function pieces(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + randomInt(6);
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}

it('what leaves does not depend on how it is cut, and holds no value', () => {
  const scrubber = new Scrubber(HIDDEN);
  for (let round = 0; round < 3_000; round++) {
    const words = ['abcabcab', 'd', 'e', 'cab', 'dabca', 'x', 'abc'];
    const text = Array.from({ length: 12 }, () => words[randomInt(words.length)]).join('');
    const filter = scrubber.body();
    const passed = [...pieces(Buffer.from(text)).map((part) => filter.push(part)), filter.end()];
    const whole = scrubber.text(text);
    expect(Buffer.concat(passed).toString()).toBe(whole);
    expect(whole.includes('abcabcabd') && !text.includes('abcabcabcabd')).toBe(false);
    expect(whole).toHaveLength(text.length);
  }
});

it('a text without the beginning of a value passes at once', () => {
  const filter = new Scrubber([{ value: 'sk-secret-value', placeholder: 'sk-placeholder!' }]).body();
  expect(filter.push(Buffer.from('data: {"a":1}\n\n')).toString()).toBe('data: {"a":1}\n\n');
  expect(filter.push(Buffer.from('data: sk-se')).toString()).toBe('data: ');
  expect(filter.push(Buffer.from('ntence\n\n')).toString()).toBe('sk-sentence\n\n');
});

describe('WebSocket', () => {
  const value = 'sk-secret-value';
  const scrubber = new Scrubber([{ value, placeholder: 'short' }], true);

  function frame(content: Buffer, first = 0x81): Buffer {
    const { length } = content;
    const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
    header[0] = first;
    header[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
    if (header.length === 4) header.writeUInt16BE(length, 2);
    if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
    return Buffer.concat([header, content]);
  }

  it('frames keep their length, wherever they are cut, and none is held up', () => {
    const contents = ['hello', `key ${value} end`, `sk-se`, '', 'x'.repeat(200) + value, value.repeat(6_000)];
    const sent = Buffer.concat(contents.map((text) => frame(Buffer.from(text))));
    for (const size of [1, 7, 100, 70_000]) {
      const filter = webSocketBody(scrubber);
      const out: Buffer[] = [];
      for (let at = 0; at < sent.length; at += size) out.push(filter.push(sent.subarray(at, at + size)));
      const expected = contents.map((text) => frame(Buffer.from(text.replaceAll(value, '*'.repeat(value.length)))));
      const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
      expect(hash(Buffer.concat(out))).toBe(hash(Buffer.concat(expected)));
    }
  });

  it.each([
    ['masked', Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5])],
    ['compressed', Buffer.from([0xc1, 0x01, 0x41])],
  ])('a frame that cannot be read ends the connection: %s', (_name, bytes) => {
    expect(() => webSocketBody(scrubber).push(bytes)).toThrow('cannot be searched');
  });
});
