// What a session and somebody who attaches to it say to each other: frames to bytes and back. No I/O.
import { LeashError } from '../host/errors.ts';
import type { Command, Ending, Size } from '../schema/stage.ts';

/** A frame is its type, the length of its payload as 32 bits, little-endian, and the payload. */
const HEAD_BYTES = 5;
/** Of what is asked for: a command line has at most 96 KiB, and JSON may write a byte as six. */
const PAYLOAD_MAX = 1 << 20;

export const FRAME = {
  /** From who attaches: JSON of `Asked`, first and once. */
  hello: 1,
  input: 2,
  endInput: 3,
  /** JSON of `Size`. */
  resize: 4,
  /** JSON of a number. */
  signal: 5,
  /** From the session: JSON of `Ready`. */
  ready: 16,
  output: 17,
  errors: 18,
  /** JSON of `Ending`, last. */
  ended: 19,
} as const;

export type Asked = { readonly act: 'attach'; readonly size: Size | undefined } | ({ readonly act: 'run' } & Command);

export interface Ready {
  readonly isTerminal: boolean;
}

export interface Frame {
  readonly type: number;
  readonly payload: Buffer;
}

export function encode(type: number, payload: Uint8Array | string = ''): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(type, 0);
  head.writeUInt32LE(body.length, 1);
  return Buffer.concat([head, body]);
}

/** Cuts a stream of bytes into frames. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws {LeashError} LEASH_SESSION_UNREACHABLE for a frame that is too long */
  *read(chunk: Buffer): Generator<Frame> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES) {
      const length = bytes.readUInt32LE(at + 1);
      if (length > PAYLOAD_MAX) throw new LeashError('LEASH_SESSION_UNREACHABLE', `a frame of ${length} bytes came`);
      const end = at + HEAD_BYTES + length;
      if (bytes.length < end) break;
      yield { type: bytes.readUInt8(at), payload: bytes.subarray(at + HEAD_BYTES, end) };
      at = end;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

const isCount = (value: unknown, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

function sizeOf(value: unknown): Size | undefined {
  const { rows, columns } = fieldsOf(value);
  return isCount(rows, 0xffff) && isCount(columns, 0xffff) ? { rows, columns } : undefined;
}

export function readSize(payload: Buffer): Size | undefined {
  return sizeOf(parse(payload));
}

/** A signal's number. */
export function readSignal(payload: Buffer): number | undefined {
  const value = parse(payload);
  return isCount(value, 64) && value > 0 ? value : undefined;
}

/** Undefined: it is nothing that may be asked. */
export function readAsked(payload: Buffer): Asked | undefined {
  const { act, size, words, terminal, hasInput } = fieldsOf(parse(payload));
  if (act === 'attach') return { act, size: sizeOf(size) };
  const isText = Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string');
  if (act !== 'run' || !isText || typeof hasInput !== 'boolean') return undefined;
  if (terminal === undefined) return { act, words: words as string[], terminal, hasInput };
  const given = sizeOf(terminal);
  const { term } = fieldsOf(terminal);
  if (given === undefined || typeof term !== 'string') return undefined;
  return { act, words: words as string[], terminal: { ...given, term }, hasInput };
}

export function readReady(payload: Buffer): Ready | undefined {
  const { isTerminal } = fieldsOf(parse(payload));
  return typeof isTerminal === 'boolean' ? { isTerminal } : undefined;
}

export function readEnding(payload: Buffer): Ending | undefined {
  const { status, failure } = fieldsOf(parse(payload));
  const { code, message } = fieldsOf(failure);
  if (!isCount(status, 255)) return undefined;
  if (failure === undefined) return { status };
  return typeof code === 'string' && typeof message === 'string' ? { status, failure: { code, message } } : undefined;
}
