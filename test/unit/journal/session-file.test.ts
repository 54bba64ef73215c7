import { existsSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readSessionInfo, writeSessionInfo } from '../../../src/journal/session-file.ts';
import { sampleInfo, temporaryFolder } from './sample-session.ts';

test('a record is read as it was written, and is the owner’s alone', () => {
  const dir = temporaryFolder();
  writeSessionInfo(dir, sampleInfo(), false);
  expect(readSessionInfo(dir)).toEqual(sampleInfo());
  expect(statSync(path.join(dir, 'session.json')).mode & 0o777).toBe(0o600);
});

test('a record is replaced whole and leaves nothing else behind', () => {
  const dir = temporaryFolder();
  writeSessionInfo(dir, sampleInfo(), false);
  // What an earlier process left when it was killed between the two steps.
  writeFileSync(path.join(dir, 'session.json.new'), '{"v":');
  const before = statSync(path.join(dir, 'session.json')).ino;
  writeSessionInfo(dir, sampleInfo({ ended: 5, exitCode: 3 }), true);
  expect(readSessionInfo(dir)).toMatchObject({ ended: 5, exitCode: 3 });
  expect(statSync(path.join(dir, 'session.json')).ino).not.toBe(before);
  expect(readdirSync(dir)).toEqual(['session.json']);
});

test('a link in place of the new record is replaced, not followed', () => {
  const dir = temporaryFolder();
  const aim = path.join(dir, 'aim');
  symlinkSync(aim, path.join(dir, 'session.json.new'));
  writeSessionInfo(dir, sampleInfo(), false);
  expect(existsSync(aim)).toBe(false);
});

test('no record: there is no such session', () => {
  expect(() => readSessionInfo(temporaryFolder())).toThrow(expect.objectContaining({ code: 'LEASH_SESSION_UNKNOWN' }));
});

test('a record behind a link is not read', () => {
  const dir = temporaryFolder();
  writeSessionInfo(dir, sampleInfo(), false);
  renameSync(path.join(dir, 'session.json'), path.join(dir, 'real'));
  symlinkSync('real', path.join(dir, 'session.json'));
  expect(() => readSessionInfo(dir)).toThrow(expect.objectContaining({ code: 'LEASH_SESSION_UNKNOWN' }));
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"v":2}',
  JSON.stringify({ ...sampleInfo(), command: [1] }),
  JSON.stringify({ ...sampleInfo(), mode: 'x' }),
])('this is not a record: %s', (text) => {
  const dir = temporaryFolder();
  writeFileSync(path.join(dir, 'session.json'), text);
  expect(() => readSessionInfo(dir)).toThrow(expect.objectContaining({ code: 'LEASH_JOURNAL_CORRUPT' }));
});
