// Lines of stdio: untouched to the letter, replaced or taken out whole, the same however they are cut.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { LineFilter } from '../../../src/mcp/line-filter.ts';

interface Outcome {
  readonly text: string;
  readonly lines: string[];
  /** Lines that were too long. */
  readonly lost: number;
}

/** Lines with `drop` are taken out, `edit` becomes `EDITED`. */
function filtered(pieces: readonly (string | Buffer)[], most?: number): Outcome {
  const lines: string[] = [];
  let lost = 0;
  const rewrite = (bytes: Buffer): Buffer | undefined => {
    const text = bytes.toString();
    lines.push(text);
    if (text.includes('drop')) return undefined;
    return text.includes('edit') ? Buffer.from(text.replace('edit', 'EDITED')) : bytes;
  };
  const tooLong = (): void => {
    lost += 1;
  };
  const filter = new LineFilter({ rewrite, tooLong, ...(most !== undefined && { most }) });
  const passed = pieces.map((piece) => filter.push(Buffer.from(piece as string)));
  return { text: Buffer.concat([...passed, filter.end()]).toString(), lines, lost };
}

test.each(['{"a":1}\n{"b":2}\r\n', '\n\r\n  \n{}\n', '{"last":1}', ''])('%j passes to the letter', (text) => {
  expect(filtered([text]).text).toBe(text);
});

test('lines are handed over without their end; blank ones are not', () => {
  expect(filtered(['{"a":1}\r\n\n \t\r\n{"b":"\u00e9"}\n{"c":\r3}\nlog\n{"end":1}']).lines).toEqual([
    '{"a":1}',
    '{"b":"\u00e9"}',
    '{"c":\r3}',
    'log',
    '{"end":1}',
  ]);
});

test('a line is replaced with its end kept, or goes with it', () => {
  expect(filtered(['{"edit":1}\r\n{"drop":1}\n{}\n{"drop":1}']).text).toBe('{"EDITED":1}\r\n{}\n');
});

test('it does not matter where the bytes are cut', () => {
  const stream = Buffer.from('{"a":"\u00e9"}\r\n\n{"drop":1}\r\n{"edit":1}\n{"b":\r1}\r\n{"end":1}');
  const whole = filtered([stream]);
  for (let cut = 0; cut <= stream.length; cut++)
    expect(filtered([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(whole);
  expect(filtered([...stream].map((byte) => Buffer.from([byte])))).toEqual(whole);
});

test('a line beyond the limit does not go on, whole or in pieces, and the next one does', () => {
  const stream = `{}\n${'x'.repeat(65)}\n{"late":1}\n`;
  const expected = { text: '{}\n{"late":1}\n', lines: ['{}', '{"late":1}'], lost: 1 };
  expect(filtered([stream], 64)).toEqual(expected);
  expect(filtered([...stream], 64)).toEqual(expected);
  expect(filtered([`${'x'.repeat(64)}\n`], 64).lost).toBe(0);
  expect(filtered(['x'.repeat(65)], 64)).toEqual({ text: '', lines: [], lost: 1 });
});

interface Switched {
  readonly filter: LineFilter;
  readonly judged: string[];
  readonly watched: string[];
  holds: boolean;
}

/** Every line that is held goes. */
function switched(holds: boolean, most?: number): Switched {
  const made = { judged: [] as string[], watched: [] as string[], holds };
  const filter = new LineFilter({
    holds: () => made.holds,
    rewrite: (line) => {
      made.judged.push(line.toString());
      return undefined;
    },
    passed: (line) => made.watched.push(line.toString()),
    ...(most !== undefined && { most }),
  });
  return Object.assign(made, { filter });
}
const push = ({ filter }: Switched, text: string): string => filter.push(Buffer.from(text)).toString();

test('what is not held passes as it comes, and is read when its line is complete', () => {
  const lines = switched(false);
  expect(push(lines, '{"a"')).toBe('{"a"');
  expect(lines.watched).toEqual([]);
  expect(push(lines, ':\r1}\r\n\n{}\nlast')).toBe(':\r1}\r\n\n{}\nlast');
  expect(lines.filter.end().length).toBe(0);
  expect([lines.watched, lines.judged]).toEqual([['{"a":\r1}', '{}', 'last'], []]);
});

test('a line too long to be kept passes unread', () => {
  const lines = switched(false, 4);
  expect(push(lines, '12345') + push(lines, '67\n{}\n12345\n')).toBe('1234567\n{}\n12345\n');
  expect(lines.watched).toEqual(['{}']);
});

test.each(['\n', '\r', '\r\n'])(
  'a line that was passing when lines began to be held passes to its end %j, and no further',
  (end) => {
    const lines = switched(false);
    push(lines, '{"a"');
    lines.holds = true;
    expect(push(lines, `:1}${end}{"b":1}\n{"c`)).toBe(end === '\n' ? ':1}\n' : end === '\r' ? ':1}\r' : ':1}\r\n');
    expect(push(lines, '":1}\r{}\n')).toBe('');
    expect(lines.judged).toEqual(['{"b":1}', '{"c":1}\r{}']);
  },
);

test('what was held passes as soon as lines are not held any more', () => {
  const lines = switched(true);
  expect(push(lines, '{"a"')).toBe('');
  lines.holds = false;
  expect(push(lines, ':1')).toBe('{"a":1');
  expect(push(lines, '}\n')).toBe('}\n');
  expect([lines.judged, lines.watched]).toEqual([[], ['{"a":1}']]);
  lines.holds = true;
  push(lines, 'end');
  lines.holds = false;
  expect(lines.filter.end().toString()).toBe('end');
});

test('memory is asked for what is not complete, and given back with the end of its line', () => {
  let left = 5;
  let taken = 0;
  const budget = {
    take: (bytes: number): boolean => {
      if (bytes > left) return false;
      left -= bytes;
      taken += bytes;
      return true;
    },
    release: (): void => {
      left += taken;
      taken = 0;
    },
  };
  let lost = 0;
  const tooLong = (): void => {
    lost += 1;
  };
  const filter = new LineFilter({ rewrite: (line) => line, tooLong, budget });
  expect(filter.push(Buffer.from('a long line is whole\n1234')).toString()).toBe('a long line is whole\n');
  expect(left).toBe(1);
  expect(filter.push(Buffer.from('5\n')).toString()).toBe('12345\n');
  expect(left).toBe(5);
  filter.push(Buffer.from('1234'));
  expect(filter.push(Buffer.from('56')).length).toBe(0);
  expect([left, lost]).toEqual([5, 1]);
  expect(filter.push(Buffer.from('7\nok\n')).toString()).toBe('ok\n');
});
