import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { programFolders } from '../../../src/sandbox/programs.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'leash-home-'));
  for (const folder of ['bin', '.local/bin', '.nvm/v20/bin', '.cargo/bin', 'scripts'])
    mkdirSync(path.join(home, folder), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const folders = (...names: string[]): string[] =>
  programFolders(names.map((name) => path.join(home, name)).join(':'), home).map((folder) =>
    path.relative(home, folder),
  );

test("a tool's own tree is shown whole, the home and ~/.local never", () => {
  expect(folders('.nvm/v20/bin', '.cargo/bin/')).toEqual(['.nvm/v20', '.cargo']);
  expect(folders('bin', '.local/bin', 'scripts')).toEqual(['bin', '.local/bin', 'scripts']);
});

test('what is elsewhere, relative, absent or the home itself is not', () => {
  expect(programFolders(`/usr/bin:bin:.::${home}/absent:${home}-other/bin`, home)).toEqual([]);
  expect(programFolders(home, home)).toEqual([]);
  expect(programFolders(`${home}/bin/../../x/bin`, home)).toEqual([]);
  expect(programFolders(undefined, home)).toEqual([]);
});

test('a folder is shown once', () => expect(folders('bin', 'bin')).toEqual(['bin']));
