import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  agentStore,
  guardOf,
  hiddenFolders,
  holdOwnFolders,
  ownFoldersGuard,
} from '../../../src/session/own-folders.ts';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-own-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('folders in the workspace are made, for their owner alone', () => {
  const env = { HOME: home };
  holdOwnFolders(home, env);
  for (const folder of [...hiddenFolders(env), agentStore(env)]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  holdOwnFolders(home, env);
});

test('folders elsewhere are left, also beside a workspace whose name is a part of theirs', () => {
  const env = { HOME: `${home}/me2` };
  holdOwnFolders(`${home}/me`, env);
  expect(existsSync(`${home}/me2`)).toBe(false);
  expect(ownFoldersGuard(`${home}/me`, env)).toBe('');
});

test.each([
  ['a link to nothing', () => symlinkSync('nowhere', path.join(home, '.config')), () => home],
  ['a place where nothing can be made', () => {}, () => '/proc'],
])('%s: the session does not start', (_what, prepare, workspace) => {
  prepare();
  expect(() => holdOwnFolders(workspace(), { HOME: workspace() })).toThrow(/cannot be made \(E(EXIST|NOENT)\)/);
});

test('links that lead to them are held by the policy, and so are the links behind those', () => {
  mkdirSync(path.join(home, 'dotfiles'));
  symlinkSync('dotfiles', path.join(home, 'links'));
  symlinkSync(path.join(home, 'links'), path.join(home, '.config'));
  const guard = ownFoldersGuard(home, { HOME: home });
  for (const held of [`File::"${home}/.config"`, `File::"${home}/links"`, `Dir::"${home}/dotfiles/leash/"`])
    expect(guard).toContain(held);
});

test('links without end are no endless search', () => {
  symlinkSync('.config', path.join(home, '.config'));
  expect(ownFoldersGuard(home, { HOME: home })).toContain(`File::"${home}/.config"`);
});

test('a volume shows them under its own names, also by a link that leads into it', () => {
  mkdirSync(path.join(home, 'data/conf/leash'), { recursive: true });
  symlinkSync('data/conf', path.join(home, '.config'));
  const guard = guardOf('g', { source: path.join(home, 'data'), place: '/m' }, { HOME: home });
  expect(guard).toContain('@id("g")');
  expect(guard).toContain('Dir::"/m/conf/leash/"');
  expect(guard).not.toContain(home);
  expect(guardOf('g', { source: path.join(home, 'other'), place: '/m' }, { HOME: home })).toBe('');
});
