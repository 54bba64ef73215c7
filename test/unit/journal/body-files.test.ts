import { appendFileSync, chmodSync, lstatSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { BodyFiles, readBodyFile } from '../../../src/journal/body-files.ts';
import { temporaryFolder } from './sample-session.ts';

test('a body is written for its owner alone, and read back', () => {
  const dir = temporaryFolder();
  const written = new BodyFiles(dir).write(7, 'request', Buffer.from('hello'));
  expect(written).toEqual({
    name: '7-request',
    sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
  });
  const file = path.join(dir, 'bodies/7-request');
  expect(lstatSync(file).mode & 0o777).toBe(0o600);
  expect(lstatSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(readBodyFile(dir, written as NonNullable<typeof written>).toString()).toBe('hello');
});

test('none is written twice, and none into a folder that was there', () => {
  const dir = temporaryFolder();
  const files = new BodyFiles(dir);
  files.write(1, 'request', Buffer.from('a'));
  expect(() => files.write(1, 'request', Buffer.from('b'))).toThrow(/EEXIST/);
  const other = temporaryFolder();
  mkdirSync(path.join(other, 'bodies'));
  expect(() => new BodyFiles(other).write(1, 'request', Buffer.from('a'))).toThrow(/EEXIST/);
});

test('a session holds a bounded number of bytes', () => {
  const files = new BodyFiles(temporaryFolder());
  const part = Buffer.alloc(1 << 28);
  for (let n = 0; n < 4; n++) expect(files.write(n, 'response', part)).toBeDefined();
  expect(files.write(4, 'response', Buffer.alloc(1))).toBeUndefined();
}, 120_000);

test.each<[string, (file: string) => void]>([
  ['changed', (file) => appendFileSync(file, 'x')],
  ['gone', (file) => renameSync(file, `${file}.old`)],
  [
    'a link',
    (file) => {
      renameSync(file, `${file}.old`);
      symlinkSync(`${file}.old`, file);
    },
  ],
  [
    'a folder',
    (file) => {
      renameSync(file, `${file}.old`);
      mkdirSync(file);
    },
  ],
])('a body that is not as it was is not trusted: %s', (_name, change) => {
  const dir = temporaryFolder();
  const written = new BodyFiles(dir).write(1, 'request', Buffer.from('a'));
  change(path.join(dir, 'bodies/1-request'));
  expect(() => readBodyFile(dir, written as NonNullable<typeof written>)).toThrow(
    expect.objectContaining({ code: 'LEASH_JOURNAL_CORRUPT' }),
  );
});

test.each(['../session.json', '1-request/../../x', '1-other', ''])('an event cannot name another file: %s', (name) => {
  const dir = temporaryFolder();
  writeFileSync(path.join(dir, 'session.json'), '{}');
  chmodSync(dir, 0o700);
  expect(() => readBodyFile(dir, { name, sha256: '' })).toThrow(/names no body/);
});
