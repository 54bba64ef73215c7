import { expect, test } from 'vitest';
import { mergeTexts } from '../../../../../ui/src/screens/policy/merge-texts.ts';

const BASE = 'a\nb\nc\nd\ne\nf';

test.each([
  ['a\nB\nc\nd\ne\nf', 'a\nb\nc\nd\nE\nf', 'a\nB\nc\nd\nE\nf'],
  ['a\nb\nc\nd\ne\nf\ng', 'X\na\nb\nc\nd\ne\nf', 'X\na\nb\nc\nd\ne\nf\ng'],
  ['a\nb\nd\ne\nf', 'a\nb\nc\nd\ne\nf\n// mine', 'a\nb\nd\ne\nf\n// mine'],
  [BASE, 'a', 'a'],
  ['', BASE, ''],
])('changes of other lines are both kept: %j and %j', (theirs, mine, merged) => {
  expect(mergeTexts(BASE, theirs, mine)).toBe(merged);
  expect(mergeTexts(BASE, mine, theirs)).toBe(merged);
});

test('changes of the same lines, or at the same place, are for a person', () => {
  expect(mergeTexts(BASE, 'a\nB\nc\nd\ne\nf', 'a\nbb\nc\nd\ne\nf')).toBeUndefined();
  expect(mergeTexts(BASE, `${BASE}\ntheirs`, `${BASE}\nmine`)).toBeUndefined();
  expect(mergeTexts(BASE, '', 'a\nbb\nc\nd\ne\nf')).toBeUndefined();
});
