// Pieces become one run of bytes, of which nothing changes afterwards.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { HeldBytes } from '../../../src/mcp/held-bytes.ts';

test('pieces leave in order, and nothing stays', () => {
  const held = new HeldBytes();
  const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, index) => index % 251));
  for (const byte of bytes) held.push(Buffer.from([byte]));
  expect(held.length).toBe(20_000);
  expect(held.takeWith(Buffer.from('end'))).toEqual(Buffer.concat([bytes, Buffer.from('end')]));
  expect(held.length).toBe(0);
});

test('what left is not written over, and pieces may be used again', () => {
  const held = new HeldBytes();
  const piece = Buffer.from('one');
  held.push(piece);
  piece.fill('x');
  const taken = held.takeWith(Buffer.from('!'));
  held.push(Buffer.from('two'));
  held.takeWith(Buffer.from('?'));
  expect(taken.toString()).toBe('one!');
});

test('without anything held, the last piece is handed through', () => {
  const last = Buffer.from('x');
  expect(new HeldBytes().takeWith(last)).toBe(last);
});
