import { expect, test } from 'vitest';
import type { Change, Entry } from '../../../src/review/change.ts';
import { withDependents, withNeeded } from '../../../src/review/select.ts';

const file: Entry = { kind: 'file', mode: 0o644, size: 1 };
const folder: Entry = { kind: 'folder', mode: 0o755, size: 0 };

const change = (path: string, before: Entry | undefined, after: Entry | undefined, root = 0): Change => ({
  root,
  path,
  ...(before && { before }),
  ...(after && { after }),
  isConflict: false,
});

const ALL = [
  change('a', file, file),
  change('gone', folder, undefined),
  change('gone/x', file, undefined),
  change('new', undefined, folder),
  change('new/deep', undefined, folder),
  change('new/deep/n', undefined, file),
  change('new/other', undefined, file),
  change('newer', undefined, file),
  change('turn', folder, file),
  change('turn/in', file, undefined),
  change('new/x', undefined, file, 1),
];

const pick = (...paths: string[]): Change[] => ALL.filter(({ path, root }) => root === 0 && paths.includes(path));
const paths = (changes: readonly Change[]): string[] =>
  changes.map(({ root, path }) => `${root === 0 ? '' : root}${path}`);

test.each([
  [['a'], ['a']],
  [['new/deep/n'], ['new', 'new/deep', 'new/deep/n']],
  [['gone'], ['gone', 'gone/x']],
  [['gone/x'], ['gone/x']],
  [['turn'], ['turn', 'turn/in']],
])('to take %j over needs %j', (chosen, needed) => {
  expect(paths(withNeeded(pick(...chosen), ALL))).toEqual(needed);
});

test.each([
  [['a'], ['a']],
  [['new'], ['new', 'new/deep', 'new/deep/n', 'new/other']],
  [['gone/x'], ['gone', 'gone/x']],
  [['turn/in'], ['turn', 'turn/in']],
])('without %j go %j', (chosen, dependents) => {
  expect(paths(withDependents(pick(...chosen), ALL))).toEqual(dependents);
});
