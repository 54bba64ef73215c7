import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { grownFolder } from '../../../src/sandbox/grown-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leash-grown-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('links stay as they were, files are behind, folders are named; what is replaced is left to the backend', () => {
  mkdirSync(path.join(root, 'sub'));
  for (const name of ['file', 'bundle']) writeFileSync(path.join(root, name), '');
  symlinkSync('../elsewhere/x', path.join(root, 'relative'));
  const grown = grownFolder(root, 3, new Set([path.join(root, 'bundle')]), new Map([['new.0', '/target']]));
  expect(grown).toMatchObject({ place: root, behind: '/run/leash/behind/3', folders: ['sub'] });
  expect(Object.fromEntries(grown?.links ?? [])).toEqual({
    file: '/run/leash/behind/3/file',
    relative: '../elsewhere/x',
    'new.0': '/target',
  });
});

test('no folder, or one with too much in it, is not grown', () => {
  expect(grownFolder(path.join(root, 'absent'), 0, new Set(), new Map())).toBeUndefined();
  for (let i = 0; i <= 4_000; i++) writeFileSync(path.join(root, String(i)), '');
  expect(grownFolder(root, 0, new Set(), new Map())).toBeUndefined();
});
