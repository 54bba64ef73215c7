import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from '../../../src/session/replace-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'leash-replace-'));
  file = path.join(folder, 'p.cedar');
  writeFileSync(file, 'old');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the text is new, the mode is as it was, and nothing else is left', () => {
  chmodSync(file, 0o640);
  replaceFile(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o7777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(['p.cedar']);
});

test('a link stays a link', () => {
  const link = path.join(folder, 'link');
  symlinkSync('p.cedar', link);
  replaceFile(link, 'new');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('new');
});

test('what cannot be written is unchanged', () => {
  // The name of the temporary file is taken.
  mkdirSync(path.join(folder, `.p.cedar.${process.pid}`));
  expect(() => replaceFile(file, 'new')).toThrow(/cannot write .* \(EEXIST\); it is unchanged/);
  expect(readFileSync(file, 'utf8')).toBe('old');
  expect(() => replaceFile(path.join(folder, 'absent'), 'new')).toThrow(/ENOENT/);
});
