import { expect, test } from 'vitest';
import { diagnosticsOf } from '../../../../../ui/src/screens/policy/findings.ts';

const TEXT = 'permit(\n"😀" x\n';
const found = (finding: Record<string, unknown>) => diagnosticsOf(TEXT, { ok: false, faults: [finding], notes: [] })[0];

test('columns count characters, offsets count UTF-16 units', () => {
  expect(found({ line: 2, column: 5, length: 1, message: 'no' })).toEqual({
    from: 13,
    to: 14,
    severity: 'error',
    message: 'no',
  });
});

test('a fault at the end underlines what stands before it', () => {
  expect(found({ line: 3, column: 1, length: 1, message: 'more' })).toMatchObject({ from: 14, to: 15 });
  expect(found({ line: 9, column: 9, length: 9, message: 'more' })).toMatchObject({ from: 14, to: 15 });
});

test('notes are told apart, hints are said, and what hides is shown', () => {
  const notes = [{ line: 1, column: 1, length: 6, message: 'wide\u202e', hint: 'narrow it' }];
  expect(diagnosticsOf(TEXT, { ok: true, faults: [], notes })).toEqual([
    { from: 0, to: 6, severity: 'info', message: 'wide\\u202e — narrow it' },
  ]);
});
