import { expect, test } from 'vitest';
import { positionOf, renderDiagnostic } from '../../../../src/policy/text/diagnostic.ts';

test('positions count lines and characters from one', () => {
  expect(positionOf('ab\né😀x', 0)).toEqual({ line: 1, column: 1 });
  expect(positionOf('ab\né😀x', 'ab\né😀'.length)).toEqual({ line: 2, column: 3 });
});

test('shows the line with a caret under the place, tabs kept', () => {
  const source = { name: 'p.cedar', text: 'one\n\té bad word\ntwo' };
  const start = source.text.indexOf('bad');
  expect(renderDiagnostic(source, { start, length: 3, message: 'no', hint: 'good' })).toEqual([
    'p.cedar:2:4: no',
    '    \té bad word',
    '    \t  ^^^',
    '    hint: good',
  ]);
});

test('marks no further than the end of the line', () => {
  const [, , carets] = renderDiagnostic({ name: 'p', text: 'ab\ncd' }, { start: 1, length: 4, message: 'm' });
  expect(carets).toBe('     ^');
});

test('keeps control characters of the file away from the terminal', () => {
  const lines = renderDiagnostic(
    { name: 'p', text: 'a\u001b[31mb\u202e' },
    { start: 0, length: 1, message: 'x\u0007' },
  );
  expect(lines.join('')).not.toMatch(/[\u001b\u0007\u202e]/);
});
