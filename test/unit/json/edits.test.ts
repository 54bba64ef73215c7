// Items are cut out of arrays of any spacing; what is left is the array without them, to the letter.
import { expect, test } from 'vitest';
import { cutsOf, withEdits } from '../../../src/json/edits.ts';
import { placeOf } from '../../../src/json/places.ts';

function cut(text: string, kept: string): string {
  return withEdits(
    text,
    cutsOf(placeOf(text).items ?? [], (index) => kept[index] === '1'),
  );
}

test.each([
  ['[ 1 , 2 , 3 ]', '111', '[ 1 , 2 , 3 ]'],
  ['[ 1 , 2 , 3 ]', '011', '[ 2 , 3 ]'],
  ['[ 1 , 2 , 3 ]', '101', '[ 1 , 3 ]'],
  ['[ 1 , 2 , 3 ]', '110', '[ 1 , 2 ]'],
  ['[ 1 , 2 , 3 ]', '100', '[ 1 ]'],
  ['[ 1 , 2 , 3 ]', '010', '[ 2 ]'],
  ['[ 1 , 2 , 3 ]', '001', '[ 3 ]'],
  ['[ 1 , 2 , 3 ]', '000', '[  ]'],
  ['[]', '', '[]'],
  ['[[1,2],"],",{"a":[]}]', '101', '[[1,2],{"a":[]}]'],
])('%s with %s is %s', (text, kept, left) => {
  expect(cut(text, kept)).toBe(left);
});

test('every choice of items leaves the array that filter leaves', () => {
  const text = '[1,\n2, 3 ,4]';
  for (let choice = 0; choice < 16; choice++) {
    const kept = choice.toString(2).padStart(4, '0');
    expect(JSON.parse(cut(text, kept))).toEqual([1, 2, 3, 4].filter((_, index) => kept[index] === '1'));
  }
});

test('edits in any order are made where they stand', () => {
  const edits = [
    { start: 4, end: 4, text: '!' },
    { start: 0, end: 2, text: 'x' },
  ];
  expect(withEdits('abcd', edits)).toBe('xcd!');
  expect(withEdits('abcd', [])).toBe('abcd');
});
