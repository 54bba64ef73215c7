import { expect, test } from 'vitest';
import { inColumns, rowLine } from '../../../src/cli/table.ts';

test('columns are as wide as their widest cell, and lines end in no space', () => {
  const rows = inColumns([
    ['A', 'BB'],
    ['aaa', ''],
  ]);
  expect(rows.map(rowLine)).toEqual(['A    BB', 'aaa']);
});
