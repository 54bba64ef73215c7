import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { visibleSecrets } from '../../../src/sandbox/secrets.ts';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-home-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('what exists in a shown home is named, with its kind', () => {
  mkdirSync(path.join(home, '.ssh'));
  writeFileSync(path.join(home, '.netrc'), '');
  const found = visibleSecrets([home], []).filter((secret) => secret.path.startsWith(home));
  expect(found).toEqual([
    { path: path.join(home, '.ssh'), isDirectory: true },
    { path: path.join(home, '.netrc'), isDirectory: false },
  ]);
  expect(visibleSecrets([], []).filter((secret) => secret.path.startsWith(home))).toEqual([]);
});

test('a link is masked where it leads, a dangling one not at all', () => {
  mkdirSync(path.join(home, 'keys'));
  symlinkSync('keys', path.join(home, '.ssh'));
  symlinkSync('nowhere', path.join(home, '.aws'));
  const found = visibleSecrets([home], []).filter((secret) => secret.path.startsWith(home));
  expect(found).toEqual([{ path: path.join(home, 'keys'), isDirectory: true }]);
});

test('what else must not be seen is added', () => {
  const state = path.join(home, 'state');
  mkdirSync(state);
  expect(visibleSecrets([], [state, path.join(home, 'absent')])).toContainEqual({ path: state, isDirectory: true });
});

test('/root is masked unless it is the home that is shown', () => {
  const roots = (homes: string[]) => visibleSecrets(homes, []).filter((secret) => secret.path === '/root').length;
  expect(roots(['/root'])).toBe(0);
  expect(roots([home])).toBe(1);
});
