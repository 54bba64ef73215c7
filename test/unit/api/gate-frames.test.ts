import { expect, test } from 'vitest';
import {
  encode,
  FRAME,
  Frames,
  readAsked,
  readEnding,
  readReady,
  readSignal,
  readSize,
} from '../../../src/api/gate-frames.ts';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

test('frames come out as they went in, however they are cut', () => {
  const bytes = Buffer.concat([
    encode(FRAME.input, 'one'),
    encode(FRAME.endInput),
    encode(FRAME.output, Buffer.from([0, 255])),
  ]);
  for (const step of [1, 2, 7, 100]) {
    const frames = new Frames();
    const read: string[] = [];
    for (let at = 0; at < bytes.length; at += step)
      for (const { type, payload } of frames.read(bytes.subarray(at, at + step)))
        read.push(`${type} ${payload.toString('hex')}`);
    expect(read).toEqual(['2 6f6e65', '3 ', '17 00ff']);
  }
});

test('a frame that is too long ends it', () => {
  const head = Buffer.from([FRAME.input, 1, 0, 16, 0]);
  expect(() => [...new Frames().read(head)]).toThrow('1048577 bytes');
});

test.each([
  [{ act: 'attach' }, { act: 'attach', size: undefined }],
  [
    { act: 'attach', size: { rows: 1, columns: 2 } },
    { act: 'attach', size: { rows: 1, columns: 2 } },
  ],
  [
    { act: 'run', words: ['a'], hasInput: false, more: 1 },
    { act: 'run', words: ['a'], terminal: undefined, hasInput: false },
  ],
  [
    { act: 'run', words: ['a'], hasInput: true, terminal: { rows: 1, columns: 2, term: 'x' } },
    { act: 'run', words: ['a'], hasInput: true, terminal: { rows: 1, columns: 2, term: 'x' } },
  ],
  [{ act: 'run', words: [], hasInput: true }, undefined],
  [{ act: 'run', words: [1], hasInput: true }, undefined],
  [{ act: 'run', words: ['a'] }, undefined],
  [{ act: 'run', words: ['a'], hasInput: true, terminal: { rows: -1, columns: 2, term: 'x' } }, undefined],
  [{ act: 'run', words: ['a'], hasInput: true, terminal: { rows: 1, columns: 2 } }, undefined],
  [{ act: 'stop' }, undefined],
  [null, undefined],
])('what may be asked: %j', (value, asked) => {
  expect(readAsked(json(value))).toEqual(asked);
});

test('other words of both sides', () => {
  expect(readAsked(Buffer.from('{'))).toBeUndefined();
  expect(readSize(json({ rows: 70_000, columns: 1 }))).toBeUndefined();
  expect([readSignal(json(15)), readSignal(json(0)), readSignal(json(65)), readSignal(json('15'))]).toEqual([
    15,
    undefined,
    undefined,
    undefined,
  ]);
  expect([readReady(json({ isTerminal: true })), readReady(json({}))]).toEqual([{ isTerminal: true }, undefined]);
  expect(readEnding(json({ status: 7 }))).toEqual({ status: 7 });
  expect(readEnding(json({ status: 256 }))).toBeUndefined();
  expect(readEnding(json({ status: 1, failure: { code: 'A', message: 'b' } }))).toEqual({
    status: 1,
    failure: { code: 'A', message: 'b' },
  });
  expect(readEnding(json({ status: 1, failure: {} }))).toBeUndefined();
});
