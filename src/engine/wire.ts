// Frames of native/include/wire.h: bytes in, records out.
import { FILE_ACTIONS } from '../schema/request.ts';
import { decodeCommandEnded } from './wire-command.ts';
import { FLAG, FRAME_BYTES, LAYOUT, MAX_PAYLOAD, OPERATION, WIRE_TYPE, WIRE_VERSION } from './wire-layout.ts';
import type { WireConnected, WireDatagram, WireEvent, WireProcess, WireRecord } from './wire-record.ts';

/** A record whose version, type or length cannot be trusted. The session must end. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly isVersion: boolean;

  constructor(message: string, isVersion = false) {
    super(message);
    this.isVersion = isVersion;
  }
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

/** Undefined for zeros. */
function contentHash(payload: Buffer, offset: number): string | undefined {
  for (let at = offset; at < offset + SHA256_BYTES; at++) {
    if (payload[at] !== 0) return payload.toString('hex', offset, offset + SHA256_BYTES);
  }
  return undefined;
}

/** An unsigned number of 64 bits, rounded to what a double holds; without the detour over BigInt. */
function readNumber(payload: Buffer, offset: number): number {
  return payload.readUInt32LE(offset + 4) * 2 ** 32 + payload.readUInt32LE(offset);
}

function decodeProcess(payload: Buffer): WireProcess {
  const at = LAYOUT.wire_process;
  needs(payload, at.bytes, 'process');
  const exeEnd = at.bytes + payload.readUInt32LE(at.exe_length);
  const argvEnd = exeEnd + payload.readUInt32LE(at.argv_length);
  exactly(payload, argvEnd, 'process');
  const sha256 = contentHash(payload, at.sha256);
  return {
    pid: payload.readUInt32LE(at.pid),
    parent: payload.readUInt32LE(at.parent),
    hostPid: payload.readUInt32LE(at.host_pid),
    uid: payload.readUInt32LE(at.uid),
    exe: payload.toString('utf8', at.bytes, exeEnd),
    argv: splitWords(payload.subarray(exeEnd, argvEnd)),
    line: payload.readUInt32LE(at.line),
    lineUp: payload.readUInt32LE(at.line_up),
    server: payload.readUInt32LE(at.server),
    ...(sha256 !== undefined && { sha256 }),
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

const OPERATIONS: ReadonlySet<number> = new Set(Object.values(OPERATION));
const ALL_FLAGS = Object.values(FLAG).reduce((sum, flag) => sum | flag, 0);
const ALL_ACTIONS = (1 << FILE_ACTIONS.length) - 1;
const VERDICT = { deny: 0, allow: 1 } as const;
/** Largest errno of the kernel (MAX_ERRNO, linux/err.h). */
const MAX_ERRNO = 4095;

/** The field whose value no warden of this version writes. What is not understood must not pass for something that is. */
function senselessField(payload: Buffer): string | undefined {
  const at = LAYOUT.wire_event;
  const actions = payload.readUInt16LE(at.actions);
  const denied = payload.readUInt16LE(at.denied);
  const error = payload.readInt32LE(at.error);
  if (!OPERATIONS.has(payload.readUInt16LE(at.operation))) return 'operation';
  if (actions === 0 || (actions & ~ALL_ACTIONS) !== 0) return 'actions';
  if ((denied & ~actions) !== 0) return 'denied';
  if (payload.readUInt8(at.verdict) !== (denied === 0 ? VERDICT.allow : VERDICT.deny)) return 'verdict';
  if ((payload.readUInt8(at.flags) & ~ALL_FLAGS) !== 0) return 'flags';
  if (error < 0 || error > MAX_ERRNO) return 'error';
  return [0, 4, 6].includes(payload.readUInt8(at.family)) ? undefined : 'family';
}

function decodeEvent(payload: Buffer): WireEvent {
  const at = LAYOUT.wire_event;
  needs(payload, at.bytes, 'event');
  const senseless = senselessField(payload);
  if (senseless !== undefined) throw new WireError(`event record whose field "${senseless}" makes no sense`);
  const pathEnd = at.bytes + payload.readUInt32LE(at.path_length);
  const path2End = pathEnd + payload.readUInt32LE(at.path2_length);
  exactly(payload, path2End, 'event');
  const sha256 = contentHash(payload, at.sha256);
  return {
    time: readNumber(payload, at.time_ns) / 1e6,
    id: payload.readBigUInt64LE(at.id),
    pid: payload.readUInt32LE(at.pid),
    epoch: payload.readUInt32LE(at.epoch),
    operation: payload.readUInt16LE(at.operation),
    actions: payload.readUInt16LE(at.actions),
    denied: payload.readUInt16LE(at.denied),
    flags: payload.readUInt8(at.flags),
    error: payload.readInt32LE(at.error),
    path: payload.toString('utf8', at.bytes, pathEnd),
    path2: path2End === pathEnd ? '' : payload.toString('utf8', pathEnd, path2End),
    port: payload.readUInt16LE(at.port),
    address: addressText(payload, at.address, payload.readUInt8(at.family)),
    protocol: payload.readUInt8(at.protocol) === PROTOCOL_UDP ? 'udp' : 'tcp',
    line: payload.readUInt32LE(at.line),
    ...(sha256 !== undefined && { sha256 }),
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
    local: addressText(payload, at.local, payload.readUInt8(at.family)),
    ...(payload.readUInt8(at.bound) !== 0 && { isBound: true as const }),
  };
}

function decodeDatagram(payload: Buffer): WireDatagram {
  const at = LAYOUT.wire_datagram;
  needs(payload, at.bytes, 'datagram');
  const family = payload.readUInt8(at.family);
  if (family !== 4 && family !== 6) throw new WireError('datagram record of no family');
  return {
    agent: { address: addressText(payload, at.agent, family), port: payload.readUInt16LE(at.agent_port) },
    peer: { address: addressText(payload, at.peer, family), port: payload.readUInt16LE(at.peer_port) },
    line: payload.readUInt32LE(at.line),
    ends: Buffer.from(payload.subarray(0, at.bytes)),
    bytes: payload.subarray(at.bytes),
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
    case WIRE_TYPE.released:
      exactly(payload, LAYOUT.wire_call.bytes, 'released');
      return { type: 'released', id: payload.readBigUInt64LE(LAYOUT.wire_call.id) };
    case WIRE_TYPE.commandEnded:
      exactly(payload, LAYOUT.wire_command_ended.bytes, 'command ended');
      return { type: 'commandEnded', ended: decodeCommandEnded(payload) };
    case WIRE_TYPE.datagram:
      return { type: 'datagram', datagram: decodeDatagram(payload) };
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
