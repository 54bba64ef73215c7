import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSource, readSources } from '../../../../src/cli/policy/source.ts';

let folder: string;
const before = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'leash-source-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const refused = (code: string, message: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test('without a word, and by its name, a profile is meant; a path of the same name is a file', async () => {
  writeFileSync('coder', '// mine');
  writeFileSync('own', '// own');
  expect(await readSource()).toEqual(await readSource('coder'));
  expect((await readSource('coder')).file).toBeUndefined();
  expect(await readSource('./coder')).toEqual({ name: './coder', file: './coder', text: '// mine' });
  expect(await readSource('own')).toEqual({ name: 'own', file: 'own', text: '// own' });
});

test('a word that names nothing is answered with what there is', async () => {
  await expect(readSource('codre')).rejects.toThrow(refused('LEASH_POLICY_READ', /did you mean the profile coder\?/));
  await expect(readSource('nothing-like-it')).rejects.toThrow(refused('LEASH_POLICY_READ', /the profiles are .*coder/));
  await expect(readSource('a.cedar')).rejects.toThrow(refused('LEASH_POLICY_READ', /a\.cedar: there is no such file/));
});

test('standard input is read once', async () => {
  await expect(readSources(['-', 'coder', '-'])).rejects.toThrow(refused('LEASH_USAGE', /- is given twice/));
  expect((await readSources([])).map(({ name }) => name)).toEqual(['coder']);
});

test('profiles compose by listing', async () => {
  expect((await readSource('node,no-secrets')).text).toContain('@id("node-registry")');
});
