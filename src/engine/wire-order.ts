// Orders of the manager in, frames of native/include/wire.h out.
import { FRAME_BYTES, LAYOUT, WIRE_MODE, WIRE_TYPE, WIRE_VERSION, WIRE_WORD } from './wire-layout.ts';

/** One frame around `parts`. */
export function encodeFrame(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(FRAME_BYTES);
  header.writeUInt32LE(
    parts.reduce((sum, part) => sum + part.length, 0),
    0,
  );
  header.writeUInt16LE(type, LAYOUT.wire_frame.type);
  header.writeUInt16LE(WIRE_VERSION, LAYOUT.wire_frame.version);
  return Buffer.concat([header, ...parts]);
}

/** What a table is put in force with. */
export interface TableOrder {
  readonly epoch: number;
  /** Denials are recorded and stop nothing. */
  readonly observe: boolean;
  /** Programs are hashed: a policy asks for their content. */
  readonly hash: boolean;
  /** The manager is asked of programs that could be servers of their parents. */
  readonly serve: boolean;
}

export function encodeTable({ epoch, observe, hash, serve }: TableOrder, image: Uint8Array): Buffer {
  const head = Buffer.alloc(LAYOUT.wire_table.bytes);
  head.writeUInt32LE(epoch, LAYOUT.wire_table.epoch);
  head.writeUInt32LE(observe ? WIRE_MODE.observe : WIRE_MODE.enforce, LAYOUT.wire_table.mode);
  head.writeUInt32LE(hash ? 1 : 0, LAYOUT.wire_table.hash);
  head.writeUInt32LE(serve ? 1 : 0, LAYOUT.wire_table.serve);
  return encodeFrame(WIRE_TYPE.table, head, image);
}

/** What a call may do: end, be carried out, wait for `encodeResume`, or be carried out with the manager between it and who started it. */
export type Word = keyof typeof WIRE_WORD;

/** @param server number that an interposed program gets, from 1 on */
export function encodeAnswer(id: bigint, epoch: number, word: Word, server = 0): Buffer {
  const body = Buffer.alloc(LAYOUT.wire_answer.bytes);
  body.writeBigUInt64LE(id, LAYOUT.wire_answer.id);
  body.writeUInt32LE(epoch, LAYOUT.wire_answer.epoch);
  body.writeUInt32LE(WIRE_WORD[word], LAYOUT.wire_answer.word);
  body.writeUInt32LE(server, LAYOUT.wire_answer.server);
  return encodeFrame(WIRE_TYPE.answer, body);
}

/** A held call is to be begun again. */
export function encodeResume(id: bigint): Buffer {
  const body = Buffer.alloc(LAYOUT.wire_call.bytes);
  body.writeBigUInt64LE(id, LAYOUT.wire_call.id);
  return encodeFrame(WIRE_TYPE.resume, body);
}

/** To the agent: what its peer sent, or that nobody is there. `ends` are those of the agent's datagram. */
export function encodeDatagram(type: 'deliver' | 'unreachable', ends: Buffer, bytes: Buffer = Buffer.alloc(0)): Buffer {
  return encodeFrame(WIRE_TYPE[type], ends, bytes);
}

export function encodeSignal(number: number): Buffer {
  const body = Buffer.alloc(LAYOUT.wire_signal.bytes);
  body.writeInt32LE(number, 0);
  return encodeFrame(WIRE_TYPE.signal, body);
}
