import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import type { BodyFilter } from '../../../../src/proxy/exchange/passage.ts';
import { EditedBody } from '../../../../src/proxy/http/edited-body.ts';

const doubling = (changes: boolean): BodyFilter => ({
  changes,
  push: (content) => Buffer.concat([content, content]),
  end: () => Buffer.from('!'),
});

it('what a filter makes is sent in chunks, and what it held back before the last one', () => {
  const body = new EditedBody(doubling(true), true);
  body.take(Buffer.from('ab'));
  body.take(Buffer.from('c'));
  expect(body.bytes(Buffer.from('3\r\nabc\r\n'), false).toString()).toBe('6\r\nababcc\r\n');
  expect(body.bytes(Buffer.alloc(0), false)).toHaveLength(0);
  expect(body.bytes(Buffer.from('0\r\n\r\n'), true).toString()).toBe('1\r\n!\r\n0\r\n\r\n');
});

it('a body that ends with the connection has no chunks', () => {
  const body = new EditedBody(doubling(true), false);
  body.take(Buffer.from('ab'));
  expect(body.bytes(Buffer.from('ab'), false).toString()).toBe('abab');
  expect(body.bytes(Buffer.alloc(0), true).toString()).toBe('!');
});

it('a filter that changes nothing leaves the bytes as they came', () => {
  const body = new EditedBody(doubling(false), true);
  body.take(Buffer.from('ab'));
  expect(body.bytes(Buffer.from('2\r\nab\r\n'), true).toString()).toBe('2\r\nab\r\n');
  expect(body.changes).toBe(false);
});

/** Says a word whenever it is woken. */
function speaking(words: string[]): { filter: BodyFilter; wake: () => void } {
  let wake = (): void => {};
  const push = (content: Buffer): Buffer => Buffer.concat([content, Buffer.from(words.splice(0).join(''))]);
  const end = (): Buffer => Buffer.from('!');
  const remember = (given: () => void): void => {
    wake = given;
  };
  return { filter: { changes: true, push, end, wakes: remember }, wake: () => wake() };
}

it('what is said while nothing arrives is a chunk of its own, and behind the end nothing is said', () => {
  const words = ['one'];
  const { filter, wake } = speaking(words);
  const written: string[] = [];
  const body = new EditedBody(filter, true, undefined, (bytes) => written.push(bytes.toString()));
  wake();
  expect(written).toEqual(['3\r\none\r\n']);
  body.take(Buffer.from('ab'));
  expect(body.bytes(Buffer.from('2\r\nab\r\n'), true).toString()).toBe('3\r\nab!\r\n0\r\n\r\n');
  words.push('two');
  wake();
  expect(written).toHaveLength(1);
});

it('what fails then fails with the next part', () => {
  const { filter, wake } = speaking([]);
  const push = (): Buffer => {
    throw new Error('no');
  };
  const body = new EditedBody({ ...filter, push }, true, undefined, () => {});
  expect(wake).not.toThrow();
  expect(() => body.bytes(Buffer.alloc(0), false)).toThrow('no');
});
