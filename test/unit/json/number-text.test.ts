// Texts of numbers: one for each value, and known when 64 bits do not hold it.
import { expect, test } from 'vitest';
import { numberText } from '../../../src/json/number-text.ts';

test.each([
  ['1', '1'],
  ['1.0', '1'],
  ['1e2', '100'],
  ['1E+2', '100'],
  ['100e-2', '1'],
  ['-0', '0'],
  ['0.0e5', '0'],
  ['0.10', '0.1'],
  ['-12.50', '-12.5'],
  ['1e21', '1e+21'],
  ['1000000000000000000000', '1e+21'],
  ['0.0000001', '1e-7'],
  ['0.30000000000000004', '0.30000000000000004'],
  ['9007199254740992', '9007199254740992'],
  ['1.7976931348623157e308', '1.7976931348623157e+308'],
  ['5e-324', '5e-324'],
])('%s is %s to everyone', (literal, text) => {
  expect(numberText(literal)).toEqual({ text, isExact: true });
});

test.each([
  '9007199254740993',
  '0.1000000000000000055511151231257827',
  '1e400',
  '-1e400',
  '1e-400',
  '1e9999999999999999',
])('%s is something else in 64 bits', (literal) => {
  expect(numberText(literal)).toEqual({ text: literal, isExact: false });
});
