// What the header of a frame says, in every form; what is refused; and that a frame of Leash's own is read as what it was made of.
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import {
  closeFrame,
  closeViolation,
  frameFault,
  frameOf,
  masked,
  OPCODE,
  readFrameHeader,
} from '../../../../src/proxy/web-socket/frame.ts';
import { encode, type Frame, text } from '../../../integration/websocket-frames.ts';

function faultOf(frame: Frame, isFromClient = true, isWithinMessage = false): string | undefined {
  const header = readFrameHeader(encode(frame));
  return header && frameFault(header, { isFromClient, isWithinMessage });
}

it.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])('a frame of %i bytes is read as it was made', (length) => {
  const content = Buffer.alloc(length, 'abcdefg');
  for (const isToServer of [true, false]) {
    const frame = frameOf(OPCODE.text, content, isToServer);
    const header = readFrameHeader(frame);
    expect(header).toMatchObject({ isFinal: true, isExtended: false, opcode: 1, length });
    const { size = 0, mask } = header ?? {};
    expect(mask === undefined).toBe(!isToServer);
    expect(header && frameFault(header, { isFromClient: isToServer, isWithinMessage: false })).toBeUndefined();
    expect(masked(frame.subarray(size), mask, 0).equals(content)).toBe(true);
    for (let cut = 0; cut < size; cut++) expect(readFrameHeader(frame.subarray(0, cut))).toBeUndefined();
  }
});

it('a mask goes on where a piece begins', () => {
  const frame = encode(text('Hello, everyone'));
  const { mask, size = 0 } = readFrameHeader(frame) ?? {};
  for (let cut = 0; cut < 15; cut++) {
    const pieces = [masked(frame.subarray(size, size + cut), mask, 0), masked(frame.subarray(size + cut), mask, cut)];
    expect(Buffer.concat(pieces).toString()).toBe('Hello, everyone');
  }
});

describe('refused', () => {
  it.each<[string, Frame, boolean?, boolean?]>([
    ['a frame uses an extension that was not agreed', { ...text('a'), reserved: 4 }],
    ['a frame has the opcode 3, which means nothing', { opcode: 3 }],
    ['a frame has the opcode 11, which means nothing', { opcode: 11 }],
    ['a frame of the client is not masked', { ...text('a'), isUnmasked: true }],
    ['a frame of the server is masked', text('a'), false],
    ['a frame is longer than any can be', { ...text('a'), form: 10, length: 2n ** 53n }],
    ['the length of a frame is not in its shortest form', { ...text('a'), form: 4 }],
    ['the length of a frame is not in its shortest form', { ...text('a'.repeat(200)), form: 10 }],
    ['a control frame is in fragments', { opcode: OPCODE.ping, final: false }],
    ['a control frame is longer than 125 bytes', { opcode: OPCODE.ping, payload: 'a'.repeat(126) }],
    ['a message begins within another one', text('a'), true, true],
    ['a fragment belongs to no message', { opcode: OPCODE.continuation }],
  ])('%s', (fault, frame, isFromClient, isWithinMessage) => {
    expect(faultOf(frame, isFromClient, isWithinMessage)).toBe(fault);
  });

  it('but not what stands where it may', () => {
    expect(faultOf({ opcode: OPCODE.continuation }, true, true)).toBeUndefined();
    expect(faultOf({ opcode: OPCODE.ping, payload: 'a'.repeat(125) }, true, true)).toBeUndefined();
    expect(faultOf({ ...text('a'), isUnmasked: true }, false)).toBeUndefined();
  });
});

it('closes say nothing, or a code that may be sent and a reason in UTF-8', () => {
  const closing = (code: number, reason: string | Buffer = ''): Buffer =>
    Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason as string)]);
  for (const code of [1000, 1003, 1007, 1011, 1014, 3000, 4999])
    expect(closeViolation(closing(code, 'é'))).toBeUndefined();
  expect(closeViolation(Buffer.alloc(0))).toBeUndefined();
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535])
    expect(closeViolation(closing(code))).toMatchObject({ code: 1002 });
  expect(closeViolation(Buffer.of(3))).toMatchObject({ code: 1002 });
  expect(closeViolation(closing(1000, Buffer.of(0xff)))).toMatchObject({ code: 1007 });
  expect(closeFrame(1008, false)).toEqual(Buffer.of(0x88, 2, 0x03, 0xf0));
});
