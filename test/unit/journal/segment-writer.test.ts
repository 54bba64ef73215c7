import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { lastSegment, segmentName } from '../../../src/journal/segment.ts';
import { SegmentWriter } from '../../../src/journal/segment-writer.ts';
import { temporaryFolder } from './sample-session.ts';

function content(dir: string, number: number): string {
  return readFileSync(path.join(dir, segmentName(number)), 'utf8');
}

test('a batch goes to one segment; the next begins when the bound is reached', () => {
  const dir = temporaryFolder();
  const writer = new SegmentWriter(dir, 10);
  for (const text of ['12345678\n', 'abcdefgh\n', 'later\n']) writer.write(Buffer.from(text));
  writer.close();
  expect(content(dir, 1)).toBe('12345678\nabcdefgh\n');
  expect(content(dir, 2)).toBe('later\n');
  expect(lastSegment(dir)).toBe(2);
});

test('waiting for the disk survives a rotation meanwhile', async () => {
  const dir = temporaryFolder();
  const writer = new SegmentWriter(dir, 1);
  writer.write(Buffer.from('first\n'));
  const synchronised = Promise.all(Array.from({ length: 20 }, () => writer.sync()));
  writer.write(Buffer.from('second\n'));
  await expect(synchronised).resolves.toHaveLength(20);
  writer.close();
});

test('an existing segment is never continued', () => {
  const dir = temporaryFolder();
  new SegmentWriter(dir).close();
  expect(() => new SegmentWriter(dir)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
});
