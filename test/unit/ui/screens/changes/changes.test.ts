import { expect, test } from 'vitest';
import type { ChangeView } from '../../../../../src/schema/api.ts';
import {
  conflictsIn,
  consequenceOf,
  diffLines,
  hindranceOf,
  matching,
  outcomeOf,
  sizeOf,
  sizesOf,
  stillChosen,
  toggled,
} from '../../../../../ui/src/screens/changes/changes.ts';

const change = (name: string, more: Partial<ChangeView> = {}): ChangeView => ({
  id: `id of ${name}`,
  name,
  change: 'M',
  kind: 'file',
  isConflict: false,
  ...more,
});
const folder = change('src', { kind: 'folder', change: 'A' });
const ALL = [folder, change('src/a'), change('src-b'), change('c', { isConflict: true })];

test('a folder brings what is in it, and takes it away again; its namesakes stay', () => {
  const on = toggled(new Set(), folder, ALL);
  expect(stillChosen(on, ALL)).toEqual(['id of src', 'id of src/a']);
  expect(stillChosen(toggled(on, folder, ALL), ALL)).toEqual([]);
});

test('what no longer waits is chosen no more', () => {
  expect(stillChosen(new Set(['id of c', 'gone']), ALL)).toEqual(['id of c']);
});

test('sizes', () => {
  expect([0, 1023, 1024, 1_500_000, 2 ** 41].map(sizeOf)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.4 MiB',
    '2048.0 GiB',
  ]);
  expect(sizesOf(change('a', { before: 1, after: 2 }))).toBe('1 B → 2 B');
  expect(sizesOf(folder)).toBe('folder');
});

test('what can never be taken over outweighs other remarks', () => {
  expect(hindranceOf(change('a', { refused: 'never', isConflict: true, note: 'n' }))).toBe('never');
  expect(hindranceOf(change('a', { isConflict: true, note: 'n' }))).toContain('you changed it');
  expect(hindranceOf(change('a'))).toBeUndefined();
});

test('a text finds names, in either case', () => {
  expect(matching(ALL, 'SRC').length).toBe(3);
  expect(matching(ALL, '')).toBe(ALL);
});

test('a confirmation says what happens, and whether something of the person is concerned', () => {
  expect(consequenceOf('discard', 1)).toContain('1 change will be dropped for good');
  expect(consequenceOf('accept', 2)).toContain('2 changes will be written');
  expect([conflictsIn({ all: true }, ALL), conflictsIn({ ids: ['id of src'] }, ALL)]).toEqual([1, 0]);
});

test('an outcome names what was left, so that nothing in it acts', () => {
  const said = outcomeOf({ accepted: 1, conflicts: ['a\u202eb'], refused: [], kept: ['/k'] });
  expect(said).toEqual([
    '1 change accepted.',
    'Left, since you changed it: a\\u202eb',
    'What was there before is kept: /k',
  ]);
});

test('lines of a diff are numbered on their sides; tabs stay, other controls are shown', () => {
  const lines = ['@@ -3,2 +3,2 @@', ' same', '-old', '+new\t\u001b[2J', '\\ No newline at end of file'];
  expect(diffLines(lines)).toEqual([
    { kind: 'place', sign: '', text: '@@ -3,2 +3,2 @@' },
    { kind: 'same', sign: ' ', text: 'same', before: 3, after: 3 },
    { kind: 'removed', sign: '-', text: 'old', before: 4 },
    { kind: 'added', sign: '+', text: 'new\t\\u001b[2J', after: 4 },
    { kind: 'remark', sign: '', text: ' No newline at end of file' },
  ]);
});
