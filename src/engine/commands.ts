// What a person at a distance wants of the agent's terminal and of further commands in, orders for the warden out.
import type { StdioOptions } from 'node:child_process';
import { LeashError } from '../host/errors.ts';
import { LAYOUT, RUN, WIRE_TYPE } from './wire-layout.ts';
import { encodeFrame } from './wire-order.ts';

/** STARTER_BYTES_MAX of native/include/entry.h. */
const WORDS_MAX = 96 << 10;

/** The agent itself, among commands. */
export const AGENT = 0;

interface Size {
  readonly rows: number;
  readonly columns: number;
}

export interface RunOrder {
  /** From 1 on; of no command that runs. */
  readonly id: number;
  readonly command: readonly string[];
  readonly terminal: (Size & { readonly term: string }) | undefined;
  /** Without a terminal: whether there is anything to read. */
  readonly hasInput: boolean;
}

/** The warden's options for the agent's streams; `fd`: where they lead. */
export function ledStreams(kind: Size | 'output' | undefined, fd: number): readonly string[] {
  if (kind === undefined) return [];
  return kind === 'output' ? ['--led-output', String(fd)] : ['--led-terminal', `${fd}:${kind.rows}:${kind.columns}`];
}

/** The warden's descriptors: standard streams, control, Node's channel, `data` files, and where the agent's streams lead. */
export function wardenStdio(data: number, isLed: boolean): StdioOptions {
  const files = Array.from({ length: isLed ? data + 1 : data }, () => 'pipe' as const);
  return [isLed ? 'ignore' : 'inherit', 'inherit', 'inherit', 'pipe', 'ipc', ...files];
}

/** @throws {LeashError} LEASH_USAGE for a command line that is too long or has NUL in it */
export function encodeRun({ id, command, terminal, hasInput }: RunOrder): Buffer {
  const words = [terminal?.term ?? '', ...command];
  const text = Buffer.from(words.map((word) => `${word}\0`).join(''));
  if (words.some((word) => word.includes('\0'))) throw new LeashError('LEASH_USAGE', 'the command has a NUL in it');
  if (text.length > WORDS_MAX) throw new LeashError('LEASH_USAGE', `the command line has more than ${WORDS_MAX} bytes`);
  const at = LAYOUT.wire_run;
  const head = Buffer.alloc(at.bytes);
  head.writeUInt32LE(id, at.id);
  head.writeUInt32LE((terminal ? RUN.terminal : 0) | (hasInput ? RUN.input : 0), at.flags);
  head.writeUInt16LE(terminal?.rows ?? 0, at.rows);
  head.writeUInt16LE(terminal?.columns ?? 0, at.columns);
  head.writeUInt32LE(words.length, at.words);
  return encodeFrame(WIRE_TYPE.run, head, text);
}

export function encodeResize(id: number, { rows, columns }: Size): Buffer {
  const at = LAYOUT.wire_resize;
  const body = Buffer.alloc(at.bytes);
  body.writeUInt32LE(id, at.id);
  body.writeUInt16LE(rows, at.rows);
  body.writeUInt16LE(columns, at.columns);
  return encodeFrame(WIRE_TYPE.resize, body);
}

/** To the process group of a further command. */
export function encodeCommandSignal(id: number, number: number): Buffer {
  const at = LAYOUT.wire_command_signal;
  const body = Buffer.alloc(at.bytes);
  body.writeUInt32LE(id, at.id);
  body.writeInt32LE(number, at.number);
  return encodeFrame(WIRE_TYPE.commandSignal, body);
}
