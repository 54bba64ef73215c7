// The first bytes of a WebSocket frame enter, what its header says leaves, or why nobody may send it; the other way round, a frame of Leash's own.
import { Buffer, isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** RFC 6455, section 7.4.1. */
export const CLOSE = { protocol: 1002, notUtf8: 1007, policy: 1008, tooBig: 1009 } as const;

/** Why a connection cannot go on, and the code of the close frames that say so. */
export interface Violation {
  readonly code: (typeof CLOSE)[keyof typeof CLOSE];
  readonly fault: string;
}

const FINAL = 0x80;
/** RSV1 to RSV3: an extension was agreed, and what is inside is not the message (RFC 6455, section 5.2). */
const RESERVED = 0x70;
const OPCODE_BITS = 0x0f;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MASK_SIZE = 4;
const MAX_CONTROL = 125;
const KNOWN: ReadonlySet<number> = new Set(Object.values(OPCODE));

export interface FrameHeader {
  readonly isFinal: boolean;
  readonly isExtended: boolean;
  readonly opcode: number;
  readonly mask: Buffer | undefined;
  /** Of the header, in bytes. */
  readonly size: number;
  /** Of what follows it. From 2^53 on it is not exact. */
  readonly length: number;
}

/** Of its length field and what stands before it, at least. */
function leastSize(length: number): number {
  if (length < LENGTH_16) return 2;
  return length <= 0xffff ? 4 : 10;
}

/** RFC 6455, section 5.2; undefined until the header is complete. */
export function readFrameHeader(bytes: Buffer): FrameHeader | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & ~MASKED;
  const lengthEnd = short < LENGTH_16 ? 2 : short === LENGTH_16 ? 4 : 10;
  const size = lengthEnd + ((second & MASKED) === 0 ? 0 : MASK_SIZE);
  if (bytes.length < size) return undefined;
  const long = short === LENGTH_64 ? Number(bytes.readBigUInt64BE(2)) : undefined;
  return {
    isFinal: (first & FINAL) !== 0,
    isExtended: (first & RESERVED) !== 0,
    opcode: first & OPCODE_BITS,
    mask: size > lengthEnd ? bytes.subarray(lengthEnd, size) : undefined,
    size,
    length: long ?? (short === LENGTH_16 ? bytes.readUInt16BE(2) : short),
  };
}

export function isControl({ opcode }: Pick<FrameHeader, 'opcode'>): boolean {
  return opcode >= OPCODE.close;
}

/** Whatever two readers could take for different messages, or one of them for none. @param at where the frame stands */
export function frameFault(
  { isFinal, isExtended, opcode, mask, size, length }: FrameHeader,
  at: { readonly isFromClient: boolean; readonly isWithinMessage: boolean },
): string | undefined {
  if (isExtended) return 'a frame uses an extension that was not agreed';
  if (!KNOWN.has(opcode)) return `a frame has the opcode ${opcode}, which means nothing`;
  if ((mask !== undefined) !== at.isFromClient)
    return at.isFromClient ? 'a frame of the client is not masked' : 'a frame of the server is masked';
  if (!Number.isSafeInteger(length)) return 'a frame is longer than any can be';
  if (size - (mask?.length ?? 0) !== leastSize(length)) return 'the length of a frame is not in its shortest form';
  if (isControl({ opcode })) {
    if (!isFinal) return 'a control frame is in fragments';
    return length > MAX_CONTROL ? 'a control frame is longer than 125 bytes' : undefined;
  }
  if ((opcode === OPCODE.continuation) === at.isWithinMessage) return undefined;
  return at.isWithinMessage ? 'a message begins within another one' : 'a fragment belongs to no message';
}

/** RFC 6455, section 7.4. @param content of a close frame, unmasked */
export function closeViolation(content: Buffer): Violation | undefined {
  if (content.length === 0) return undefined;
  const code = content.length === 1 ? 0 : content.readUInt16BE(0);
  // 1004 to 1006 and 1015 are never sent.
  const isCode = (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999);
  if (!isCode) return { code: CLOSE.protocol, fault: 'a close frame has no code that may be sent' };
  return isUtf8(content.subarray(2)) ? undefined : { code: CLOSE.notUtf8, fault: 'the reason of a close is not UTF-8' };
}

/** @param offset of `bytes` in the content of their frame. @returns a copy */
export function masked(bytes: Buffer, mask: Buffer | undefined, offset: number): Buffer {
  const copy = Buffer.from(bytes);
  if (mask === undefined) return copy;
  const keys = [0, 1, 2, 3].map((at) => mask[(offset + at) % MASK_SIZE] as number);
  const [a, b, c, d] = keys as [number, number, number, number];
  const whole = copy.length - (copy.length % MASK_SIZE);
  for (let at = 0; at < whole; at += MASK_SIZE) {
    copy[at] = (copy[at] as number) ^ a;
    copy[at + 1] = (copy[at + 1] as number) ^ b;
    copy[at + 2] = (copy[at + 2] as number) ^ c;
    copy[at + 3] = (copy[at + 3] as number) ^ d;
  }
  for (let at = whole; at < copy.length; at++) copy[at] = (copy[at] as number) ^ (keys[at - whole] as number);
  return copy;
}

/** A message or control frame in one. @param isToServer such frames are masked (RFC 6455, section 5.3) */
export function frameOf(opcode: number, content: Buffer, isToServer: boolean): Buffer {
  const { length } = content;
  const size = leastSize(length);
  const header = Buffer.alloc(size);
  const maskBit = isToServer ? MASKED : 0;
  header[0] = FINAL | opcode;
  header[1] = maskBit | (size === 2 ? length : size === 4 ? LENGTH_16 : LENGTH_64);
  if (size === 4) header.writeUInt16BE(length, 2);
  else if (size === 10) header.writeBigUInt64BE(BigInt(length), 2);
  if (!isToServer) return Buffer.concat([header, content]);
  const mask = randomBytes(MASK_SIZE);
  return Buffer.concat([header, mask, masked(content, mask, 0)]);
}

export function closeFrame(code: Violation['code'], isToServer: boolean): Buffer {
  const content = Buffer.alloc(2);
  content.writeUInt16BE(code);
  return frameOf(OPCODE.close, content, isToServer);
}
