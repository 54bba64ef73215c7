import { expect, test } from 'vitest';
import { encodeCommandSignal, encodeResize, encodeRun, ledStreams } from '../../../src/engine/commands.ts';
import { decodeRecord } from '../../../src/engine/wire.ts';
import { LAYOUT, WIRE_TYPE } from '../../../src/engine/wire-layout.ts';

test('a command: its streams, its size and its words', () => {
  const at = LAYOUT.wire_run;
  const terminal = { rows: 3, columns: 4, term: 'vt100' };
  const frame = encodeRun({ id: 7, command: ['a', 'b c'], terminal, hasInput: true });
  const payload = frame.subarray(8);
  expect(frame.readUInt16LE(4)).toBe(WIRE_TYPE.run);
  expect(payload.readUInt32LE(at.id)).toBe(7);
  expect(payload.readUInt32LE(at.flags)).toBe(3);
  expect([payload.readUInt16LE(at.rows), payload.readUInt16LE(at.columns)]).toEqual([3, 4]);
  expect(payload.readUInt32LE(at.words)).toBe(3);
  expect(payload.subarray(at.bytes).toString()).toBe('vt100\0a\0b c\0');
});

test('what would be another command in C is refused', () => {
  const run = (word: string): Buffer => encodeRun({ id: 1, command: [word], terminal: undefined, hasInput: false });
  expect(() => run('a\0b')).toThrow('NUL');
  expect(() => run('x'.repeat(96 << 10))).toThrow('98304');
});

test('sizes, signals and where streams lead', () => {
  expect(encodeResize(1, { rows: 2, columns: 3 }).subarray(8).toString('hex')).toBe('0100000002000300');
  expect(encodeCommandSignal(1, 15).subarray(8).toString('hex')).toBe('010000000f000000');
  expect(ledStreams({ rows: 2, columns: 3 }, 9)).toEqual(['--led-terminal', '9:2:3']);
  expect(ledStreams('output', 9)).toEqual(['--led-output', '9']);
});

test('the record of its end', () => {
  const payload = Buffer.from('07000000810000000200000000000000', 'hex');
  expect(decodeRecord(WIRE_TYPE.commandEnded, payload)).toEqual({
    type: 'commandEnded',
    ended: { id: 7, status: 129, error: 2 },
  });
  expect(() => decodeRecord(WIRE_TYPE.commandEnded, payload.subarray(1))).toThrow('15 bytes');
});
