// Lines of stdio: untouched to the letter, replaced or taken out whole, the same however they are cut.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { LineFilter } from '../../../src/mcp/line-filter.ts';

interface Outcome {
  readonly text: string;
  readonly lines: string[];
  readonly fault: string | undefined;
}

/** Lines with `drop` are taken out, `edit` becomes `EDITED`. */
function filtered(pieces: readonly (string | Buffer)[], most?: number): Outcome {
  const lines: string[] = [];
  const filter = new LineFilter((bytes) => {
    const text = bytes.toString();
    lines.push(text);
    if (text.includes('drop')) return undefined;
    return text.includes('edit') ? Buffer.from(text.replace('edit', 'EDITED')) : bytes;
  }, most);
  const passed = pieces.map((piece) => filter.push(Buffer.from(piece as string)));
  return { text: Buffer.concat([...passed, filter.end()]).toString(), lines, fault: filter.fault };
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

test('a line beyond the limit ends the stream, whole or in pieces', () => {
  const stream = `{}\n${'x'.repeat(65)}\n{"late":1}\n`;
  const expected = { text: '{}\n', lines: ['{}'], fault: 'a line is longer than 64 bytes' };
  expect(filtered([stream], 64)).toEqual(expected);
  expect(filtered([...stream], 64)).toEqual(expected);
  expect(filtered([`${'x'.repeat(64)}\n`], 64).fault).toBeUndefined();
});
