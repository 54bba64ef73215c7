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
