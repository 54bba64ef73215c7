// The bytes of the record that a further command is over in, the record out.
import { LAYOUT } from './wire-layout.ts';
import type { WireCommandEnded } from './wire-record.ts';

/** `payload` has the length of the struct. */
export function decodeCommandEnded(payload: Buffer): WireCommandEnded {
  const at = LAYOUT.wire_command_ended;
  return {
    id: payload.readUInt32LE(at.id),
    status: payload.readInt32LE(at.status),
    error: payload.readInt32LE(at.error),
  };
}
