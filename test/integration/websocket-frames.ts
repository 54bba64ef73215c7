// Frames of a WebSocket client enter as they are described, sound or not; their bytes leave (RFC 6455, section 5.2).
import { Buffer } from 'node:buffer';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const MASK = Buffer.from([0x12, 0x34, 0x56, 0x78]);

export interface Frame {
  readonly opcode: number;
  readonly payload?: string | Buffer;
  readonly final?: boolean;
  /** RSV1 to RSV3 in the three lowest bits, RSV1 the highest of them. */
  readonly reserved?: number;
  readonly isUnmasked?: boolean;
  /** Bytes of the header that its length takes, with what stands before it; the fewest when absent. */
  readonly form?: 2 | 4 | 10;
  /** In place of the true one. */
  readonly length?: bigint;
}

export function encode(frame: Frame): Buffer {
  const { opcode, payload = '', final = true, reserved = 0, isUnmasked = false } = frame;
  const content = Buffer.from(payload as string);
  const size = content.length;
  const head = Buffer.alloc(frame.form ?? (size < 126 ? 2 : size < 65_536 ? 4 : 10));
  head[0] = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (isUnmasked ? 0 : 0x80) | (head.length === 2 ? size : head.length === 4 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(size, 2);
  if (head.length === 10) head.writeBigUInt64BE(frame.length ?? BigInt(size), 2);
  if (isUnmasked) return Buffer.concat([head, content]);
  return Buffer.concat([head, MASK, content.map((byte, at) => byte ^ (MASK[at % 4] ?? 0))]);
}

export function closing(code?: number, reason: string | Buffer = ''): Frame {
  const payload = code === undefined ? '' : Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
  return { opcode: OPCODE.close, payload };
}

export const text = (payload: string | Buffer, final = true): Frame => ({ opcode: OPCODE.text, payload, final });
export const more = (payload: string | Buffer, final: boolean): Frame => ({
  opcode: OPCODE.continuation,
  payload,
  final,
});
export const GOODBYE: Frame = closing(1000, 'done');
