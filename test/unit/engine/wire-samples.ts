// Fields in, the bytes of a record as the warden writes it out.

import { LAYOUT, OPERATION, WIRE_TYPE } from '../../../src/engine/wire-layout.ts';
import { encodeFrame } from '../../../src/engine/wire-order.ts';
import type { WireEvent } from '../../../src/engine/wire-record.ts';

/** Lengths default to those of the texts; another one makes a record that lies. */
export function processFrame(
  exe: string,
  argv: string,
  lengths: { exe?: number; argv?: number } = {},
  sha256?: string,
): Buffer {
  const at = LAYOUT.wire_process;
  const head = Buffer.alloc(at.bytes);
  for (const [offset, value] of [
    [at.pid, 7],
    [at.parent, 2],
    [at.host_pid, 4242],
    [at.uid, 1000],
    [at.exe_length, lengths.exe ?? Buffer.byteLength(exe)],
    [at.argv_length, lengths.argv ?? Buffer.byteLength(argv)],
  ] as const)
    head.writeUInt32LE(value, offset);
  head.writeUInt32LE(65_536, at.line);
  head.writeUInt32LE(3, at.line_up);
  head.fill(sha256 ?? '', at.sha256, 'hex');
  return encodeFrame(WIRE_TYPE.process, head, Buffer.from(exe), Buffer.from(argv));
}

export interface EventFields {
  readonly path?: string;
  readonly path2?: string;
  readonly family?: number;
  readonly address?: readonly number[];
  readonly protocol?: number;
  readonly sha256?: string;
}

export function eventFrame(fields: EventFields, type: number = WIRE_TYPE.event): Buffer {
  const at = LAYOUT.wire_event;
  const head = Buffer.alloc(at.bytes);
  const [path, path2] = [Buffer.from(fields.path ?? ''), Buffer.from(fields.path2 ?? '')];
  head.writeBigUInt64LE(1_700_000_000_123_456_789n, at.time_ns);
  head.writeBigUInt64LE(5n, at.id);
  head.writeUInt32LE(7, at.pid);
  head.writeUInt32LE(3, at.epoch);
  head.writeUInt16LE(OPERATION.connect, at.operation);
  head.writeUInt16LE(0b11, at.actions);
  head.writeUInt16LE(0b10, at.denied);
  head.writeUInt8(4, at.flags);
  head.writeInt32LE(13, at.error);
  head.writeUInt32LE(path.length, at.path_length);
  head.writeUInt32LE(path2.length, at.path2_length);
  head.writeUInt16LE(443, at.port);
  head.writeUInt8(fields.family ?? 0, at.family);
  head.writeUInt8(fields.protocol ?? 6, at.protocol);
  Buffer.from(fields.address ?? []).copy(head, at.address);
  head.writeUInt32LE(12, at.line);
  head.fill(fields.sha256 ?? '', at.sha256, 'hex');
  return encodeFrame(type, head, path, path2);
}

/** A decoded event, for what comes after decoding. */
export function wireEvent(fields: Partial<WireEvent> = {}): WireEvent {
  return {
    time: 1_700_000_000_000.5,
    id: 0n,
    pid: 7,
    line: fields.pid ?? 7,
    epoch: 3,
    operation: OPERATION.open,
    actions: 1,
    denied: 0,
    flags: 0,
    error: 0,
    path: '/w/file',
    path2: '',
    port: 0,
    address: '',
    protocol: 'tcp',
    ...fields,
  };
}
