import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isBelow, wayTo } from '../../../src/host/way.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-way-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('every link on the way is named, and where it ends, although nothing is there', () => {
  mkdirSync(path.join(root, 'real'));
  symlinkSync('real', path.join(root, 'inner'));
  symlinkSync(path.join(root, 'inner'), path.join(root, 'outer'));
  expect(wayTo(path.join(root, 'outer/missing/file'))).toEqual({
    links: [path.join(root, 'outer'), path.join(root, 'inner')],
    end: path.join(root, 'real/missing/file'),
  });
  symlinkSync('loop', path.join(root, 'loop'));
  expect(wayTo('/etc/passwd/x').end).toBe('/etc/passwd/x');
  expect(wayTo(path.join(root, 'loop')).links.length).toBe(40);
});

test.each([
  ['/a', '/a', true],
  ['/a/b', '/a', true],
  ['/ab', '/a', false],
  ['/a', '/a/b', false],
  ['/a', '/', true],
])('%s below %s: %s', (place, folder, expected) => {
  expect(isBelow(place, folder)).toBe(expected);
});
