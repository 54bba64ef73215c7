import { expect, test } from 'vitest';
import { parseAge } from '../../../src/cli/age.ts';

test.each([
  ['1h', 3_600_000],
  ['30d', 2_592_000_000],
  ['2w', 1_209_600_000],
])('%s is %i milliseconds', (text, milliseconds) => {
  expect(parseAge(text, '--since')).toBe(milliseconds);
});

test.each(['', '30', 'd', '-1d', '1y', '1234567d', '1d '])('%j is no age', (text) => {
  expect(() => parseAge(text, '--since')).toThrow(/--since needs a number with h, d or w/);
});
