import { closeSync, existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPrivateFile, createSegment, lastSegment, segmentName } from '../../../src/journal/segment.ts';
import { temporaryFolder } from './sample-session.ts';

test('segments are numbered with six digits, and more when needed', () => {
  expect(segmentName(1)).toBe('events-000001.jsonl');
  expect(segmentName(1_234_567)).toBe('events-1234567.jsonl');
});

test('the newest segment is found among other files', () => {
  const dir = temporaryFolder();
  expect(lastSegment(dir)).toBe(0);
  for (const name of [
    'events-000002.jsonl',
    'events-000010.jsonl',
    'events-9.jsonl',
    'events-000099.jsonl.gz',
    'session.json',
  ]) {
    writeFileSync(path.join(dir, name), '');
  }
  expect(lastSegment(dir)).toBe(10);
});

test('a segment is readable by its owner only, whatever the umask', () => {
  const dir = temporaryFolder();
  closeSync(createSegment(dir, 1));
  expect(statSync(path.join(dir, segmentName(1))).mode & 0o777).toBe(0o600);
});

test('an existing file is not opened', () => {
  const dir = temporaryFolder();
  closeSync(createSegment(dir, 1));
  expect(() => createSegment(dir, 1)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
});

test('a symbolic link is not followed, even to a place where nothing is', () => {
  const dir = temporaryFolder();
  const aim = path.join(dir, 'aim');
  symlinkSync(aim, path.join(dir, 'link'));
  expect(() => createPrivateFile(path.join(dir, 'link'))).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  expect(existsSync(aim)).toBe(false);
});
