// Frames of native/include/wire.h: bytes in, records out, and back.
import { FRAME_BYTES, LAYOUT, MAX_PAYLOAD, WIRE_MODE, WIRE_TYPE, WIRE_VERSION } from './wire-layout.ts';
import type { WireConnected, WireEvent, WireProcess, WireRecord } from './wire-record.ts';

/** A record whose version, type or length cannot be trusted. The session must end. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly isVersion: boolean;

  constructor(message: string, isVersion = false) {
    super(message);
    this.isVersion = isVersion;
  }
}

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
}

export function encodeTable({ epoch, observe, hash }: TableOrder, image: Uint8Array): Buffer {
  const head = Buffer.alloc(LAYOUT.wire_table.bytes);
  head.writeUInt32LE(epoch, LAYOUT.wire_table.epoch);
  head.writeUInt32LE(observe ? WIRE_MODE.observe : WIRE_MODE.enforce, LAYOUT.wire_table.mode);
  head.writeUInt32LE(hash ? 1 : 0, LAYOUT.wire_table.hash);
  return encodeFrame(WIRE_TYPE.table, head, image);
}

export function encodeAnswer(id: bigint, epoch: number, allow: boolean): Buffer {
  const body = Buffer.alloc(LAYOUT.wire_answer.bytes);
  body.writeBigUInt64LE(id, LAYOUT.wire_answer.id);
  body.writeUInt32LE(epoch, LAYOUT.wire_answer.epoch);
  body.writeUInt32LE(allow ? 1 : 0, LAYOUT.wire_answer.allow);
  return encodeFrame(WIRE_TYPE.answer, body);
}

export function encodeSignal(number: number): Buffer {
  const body = Buffer.alloc(LAYOUT.wire_signal.bytes);
  body.writeInt32LE(number, 0);
  return encodeFrame(WIRE_TYPE.signal, body);
}

/** Text between NULs; the last NUL ends the last word and starts none. */
export function splitWords(bytes: Buffer): string[] {
  if (bytes.length === 0) return [];
  const end = bytes[bytes.length - 1] === 0 ? bytes.length - 1 : bytes.length;
  return bytes.toString('utf8', 0, end).split('\0');
}

function needs(payload: Buffer, bytes: number, what: string): void {
  if (payload.length < bytes)
    throw new WireError(`${what} record of ${payload.length} bytes, at least ${bytes} expected`);
}

function exactly(payload: Buffer, bytes: number, what: string): void {
  if (payload.length !== bytes) throw new WireError(`${what} record of ${payload.length} bytes, ${bytes} expected`);
}

const SHA256_BYTES = 32;

/** Nothing for zeros. */
function contentHash(payload: Buffer, offset: number): { readonly sha256?: string } {
  const bytes = payload.subarray(offset, offset + SHA256_BYTES);
  return bytes.every((byte) => byte === 0) ? {} : { sha256: bytes.toString('hex') };
}

function decodeProcess(payload: Buffer): WireProcess {
  const at = LAYOUT.wire_process;
  needs(payload, at.bytes, 'process');
  const exeEnd = at.bytes + payload.readUInt32LE(at.exe_length);
  const argvEnd = exeEnd + payload.readUInt32LE(at.argv_length);
  exactly(payload, argvEnd, 'process');
  return {
    pid: payload.readUInt32LE(at.pid),
    parent: payload.readUInt32LE(at.parent),
    hostPid: payload.readUInt32LE(at.host_pid),
    uid: payload.readUInt32LE(at.uid),
    exe: payload.toString('utf8', at.bytes, exeEnd),
    argv: splitWords(payload.subarray(exeEnd, argvEnd)),
    line: payload.readUInt32LE(at.line),
    lineUp: payload.readUInt32LE(at.line_up),
    ...contentHash(payload, at.sha256),
  };
}

function addressText(payload: Buffer, offset: number, family: number): string {
  if (family === 4) return payload.subarray(offset, offset + 4).join('.');
  if (family !== 6) return '';
  const groups = Array.from({ length: 8 }, (_, i) => payload.readUInt16BE(offset + 2 * i).toString(16));
  // RFC 5952 text, as the WHATWG host serializer writes it.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

const PROTOCOL_UDP = 17;

function decodeEvent(payload: Buffer): WireEvent {
  const at = LAYOUT.wire_event;
  needs(payload, at.bytes, 'event');
  const pathEnd = at.bytes + payload.readUInt32LE(at.path_length);
  const path2End = pathEnd + payload.readUInt32LE(at.path2_length);
  exactly(payload, path2End, 'event');
  return {
    time: Number(payload.readBigUInt64LE(at.time_ns)) / 1e6,
    id: payload.readBigUInt64LE(at.id),
    pid: payload.readUInt32LE(at.pid),
    epoch: payload.readUInt32LE(at.epoch),
    operation: payload.readUInt16LE(at.operation),
    actions: payload.readUInt16LE(at.actions),
    denied: payload.readUInt16LE(at.denied),
    flags: payload.readUInt8(at.flags),
    error: payload.readInt32LE(at.error),
    path: payload.toString('utf8', at.bytes, pathEnd),
    path2: payload.toString('utf8', pathEnd, path2End),
    port: payload.readUInt16LE(at.port),
    address: addressText(payload, at.address, payload.readUInt8(at.family)),
    protocol: payload.readUInt8(at.protocol) === PROTOCOL_UDP ? 'udp' : 'tcp',
    line: payload.readUInt32LE(at.line),
    ...contentHash(payload, at.sha256),
  };
}

function decodeConnected(payload: Buffer): WireConnected {
  const at = LAYOUT.wire_connected;
  exactly(payload, at.bytes, 'connected');
  return {
    pid: payload.readUInt32LE(at.pid),
    line: payload.readUInt32LE(at.line),
    localPort: payload.readUInt16LE(at.local_port),
    port: payload.readUInt16LE(at.port),
    family: payload.readUInt8(at.family) === 6 ? 6 : 4,
    protocol: payload.readUInt8(at.protocol) === PROTOCOL_UDP ? 'udp' : 'tcp',
  };
}

/**
 * One record from its frame type and payload.
 * @throws {WireError} when the type is unknown or a length does not fit.
 */
export function decodeRecord(type: number, payload: Buffer): WireRecord {
  switch (type) {
    case WIRE_TYPE.ready:
      exactly(payload, LAYOUT.wire_ready.bytes, 'ready');
      return { type: 'ready', pid: payload.readInt32LE(0), landlockAbi: payload.readUInt32LE(4) };
    case WIRE_TYPE.process:
      return { type: 'process', process: decodeProcess(payload) };
    case WIRE_TYPE.event:
      return { type: 'event', event: decodeEvent(payload) };
    case WIRE_TYPE.query:
      return { type: 'query', event: decodeEvent(payload) };
    case WIRE_TYPE.epoch:
      exactly(payload, LAYOUT.wire_epoch.bytes, 'epoch');
      return { type: 'epoch', epoch: payload.readUInt32LE(0) };
    case WIRE_TYPE.exit:
      exactly(payload, LAYOUT.wire_exit.bytes, 'exit');
      return { type: 'exit', status: payload.readInt32LE(0) };
    case WIRE_TYPE.fault:
      needs(payload, LAYOUT.wire_fault.bytes, 'fault');
      return {
        type: 'fault',
        code: payload.readUInt32LE(0),
        error: payload.readInt32LE(4),
        text: payload.toString('utf8', LAYOUT.wire_fault.bytes),
      };
    case WIRE_TYPE.connected:
      return { type: 'connected', connected: decodeConnected(payload) };
    default:
      throw new WireError(`record of unknown type ${type}`);
  }
}

/** Cuts a byte stream into records. Feed it chunks as they come. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws {WireError} on a frame that cannot be trusted; nothing after it may be used. */
  *read(chunk: Buffer): Generator<WireRecord> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= FRAME_BYTES) {
      const length = bytes.readUInt32LE(at);
      const version = bytes.readUInt16LE(at + LAYOUT.wire_frame.version);
      if (version !== WIRE_VERSION)
        throw new WireError(`record of wire version ${version}, ${WIRE_VERSION} expected`, true);
      if (length > MAX_PAYLOAD) throw new WireError(`record of ${length} bytes, at most ${MAX_PAYLOAD} allowed`);
      if (bytes.length - at - FRAME_BYTES < length) break;
      const start = at + FRAME_BYTES;
      yield decodeRecord(bytes.readUInt16LE(at + LAYOUT.wire_frame.type), bytes.subarray(start, start + length));
      at = start + length;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** Bytes of an unfinished record. */
  get pending(): number {
    return this.#rest.length;
  }
}
