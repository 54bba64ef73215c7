import { expect, test } from 'vitest';
import { placeOf, positionOf, renderDiagnostic } from '../../../../src/policy/text/diagnostic.ts';

test('positions count lines and characters from one', () => {
  expect(positionOf('ab\né😀x', 0)).toEqual({ line: 1, column: 1 });
  expect(positionOf('ab\né😀x', 'ab\né😀'.length)).toEqual({ line: 2, column: 3 });
});

test('positions may be asked for in any order, of any text', () => {
  const text = 'a\n😀b\nccc';
  const all = (offsets: readonly number[]) => offsets.map((offset) => positionOf(text, offset));
  const offsets = Array.from({ length: text.length + 1 }, (_, i) => i);
  const forwards = all(offsets);
  expect(forwards.map(({ line, column }) => `${line}:${column}`).join(' ')).toBe(
    '1:1 1:2 2:1 2:2 2:2 2:3 3:1 3:2 3:3 3:4',
  );
  expect(positionOf('x\ny', 2)).toEqual({ line: 2, column: 1 });
  expect(all(offsets.toReversed()).toReversed()).toEqual(forwards);
});

test('of a long line, only what surrounds the place is shown', () => {
  const text = `${'a'.repeat(5_000)}BAD${'b'.repeat(5_000)}`;
  const [, line = '', carets = ''] = renderDiagnostic({ name: 'p', text }, { start: 5_000, length: 3, message: 'm' });
  expect(line).toMatch(/^ {4}…a{100}BADb{157}…$/);
  expect(carets.indexOf('^^^')).toBe(line.indexOf('BAD'));
  const [, , marks = ''] = renderDiagnostic({ name: 'p', text }, { start: 0, length: 9_000, message: 'm' });
  expect(marks.trim()).toHaveLength(160);
});

test('a place in a joined text is one of the text it came from', () => {
  const sections = [
    { name: 'a.cedar', start: 0 },
    { name: 'b.cedar', start: 4 },
  ];
  const joined = { name: 'a,b', text: 'one\ntwo\nthree\n', sections };
  expect(placeOf(joined, 1)).toEqual({ name: 'a.cedar', line: 1, column: 2 });
  expect(placeOf(joined, 4)).toEqual({ name: 'b.cedar', line: 1, column: 1 });
  expect(placeOf(joined, 9)).toEqual({ name: 'b.cedar', line: 2, column: 2 });
  expect(renderDiagnostic(joined, { start: 9, length: 1, message: 'no' })).toEqual([
    'b.cedar:2:2: no',
    '    three',
    '     ^',
  ]);
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
