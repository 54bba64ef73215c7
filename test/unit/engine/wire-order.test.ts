import { describe, expect, test } from 'vitest';
import { FRAME_BYTES, LAYOUT } from '../../../src/engine/wire-layout.ts';
import { encodeAnswer, encodeFrame, encodeResume, encodeSignal, encodeTable } from '../../../src/engine/wire-order.ts';

describe('frames to the warden', () => {
  test('have a length, a type and a version', () => {
    expect(encodeFrame(3, Buffer.from('ab'), Buffer.from('c')).toString('hex')).toBe('0300000003000100616263');
  });

  test('a table carries its epoch and mode', () => {
    expect(
      encodeTable({ epoch: 9, observe: true, hash: true, serve: true }, Buffer.from([255]))
        .subarray(FRAME_BYTES)
        .toString('hex'),
    ).toBe('09000000010000000100000001000000ff');
    expect(
      encodeTable({ epoch: 9, observe: false, hash: false, serve: false }, Buffer.alloc(0)).readUInt32LE(
        FRAME_BYTES + LAYOUT.wire_table.mode,
      ),
    ).toBe(0);
  });

  test('an answer and a signal', () => {
    expect(
      encodeAnswer(2n ** 40n, 3, 'goOn')
        .subarray(FRAME_BYTES)
        .toString('hex'),
    ).toBe('000000000001000003000000010000000000000000000000');
    expect(encodeAnswer(1n, 3, 'refuse').readUInt32LE(FRAME_BYTES + LAYOUT.wire_answer.word)).toBe(0);
    expect(encodeAnswer(1n, 3, 'hold').readUInt32LE(FRAME_BYTES + LAYOUT.wire_answer.word)).toBe(2);
    const interposed = encodeAnswer(1n, 3, 'interpose', 7).subarray(FRAME_BYTES);
    expect(interposed.readUInt32LE(LAYOUT.wire_answer.word)).toBe(3);
    expect(interposed.readUInt32LE(LAYOUT.wire_answer.server)).toBe(7);
    expect(
      encodeResume(2n ** 40n)
        .subarray(FRAME_BYTES)
        .toString('hex'),
    ).toBe('0000000000010000');
    expect(encodeSignal(15).subarray(FRAME_BYTES).toString('hex')).toBe('0f00000000000000');
  });
});
