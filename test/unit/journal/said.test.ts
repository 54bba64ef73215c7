import { appendFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Said, SaidReader } from '../../../src/journal/said.ts';
import { temporaryFolder } from './sample-session.ts';

const texts = (reader: SaidReader, time = Number.POSITIVE_INFINITY): string[] =>
  [...reader.until(time)].map(({ text }) => text);

test('what was said before there was a folder is kept too, and read once, up to a time, as it grows', () => {
  const dir = temporaryFolder();
  const reader = new SaidReader(dir);
  expect(texts(reader)).toEqual([]);
  const said = new Said();
  said.add('first', 10);
  said.keepIn(dir);
  said.add('second\nline', 20);
  expect(texts(reader, 15)).toEqual(['first']);
  expect(texts(reader, 15)).toEqual([]);
  said.add('third', 30);
  expect(texts(reader)).toEqual(['second\nline', 'third']);
});

test('it is bounded, private, and what a crash cut off is left out', () => {
  const dir = temporaryFolder();
  const said = new Said();
  said.keepIn(dir);
  for (let i = 0; i < 40; i++) said.add('x'.repeat(100_000), i);
  const file = path.join(dir, 'said');
  expect(statSync(file).size).toBeLessThanOrEqual(1 << 20);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  appendFileSync(file, '{"time":1,"te');
  expect(texts(new SaidReader(dir))).toHaveLength(10);
});
