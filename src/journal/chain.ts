// Events in, chained lines out; and back: the bytes of a line in, its event out or why it cannot be trusted. No I/O.
import type { Event } from '../schema/event.ts';

/** Most bytes the JSON of one event may have; a longer event is cut (see cut.ts). */
export const MAX_EVENT_BYTES: number = 256 * 1024;

/** Most bytes of a line without its newline: the event, `seq`, `prev` and their keys. */
export const MAX_LINE_BYTES: number = MAX_EVENT_BYTES + 128;

/** What the next line has to carry. */
export interface ChainHead {
  /** Number of the next line in the session, from 0. */
  readonly seq: number;
  /** Lower-case hex SHA-256 of the previous line's bytes without its newline; of the session id before the first line. */
  readonly prev: string;
}

export type DecodedLine =
  | { readonly ok: true; readonly event: Event; readonly next: ChainHead }
  | { readonly ok: false; readonly fault: string };

const HEADER = /^\{"seq":(\d+),"prev":"([0-9a-f]{64})","event":/;
const HEADER_BYTES = 128;

let hash: typeof import('node:crypto').hash | undefined;

function sha256(data: string | Uint8Array): string {
  // Loading node:crypto takes 4 ms, so it is not imported on the way to the agent's start.
  hash ??= process.getBuiltinModule('node:crypto').hash;
  return hash('sha256', data, 'hex');
}

/** Head of an empty journal. */
export function genesis(sessionId: string): ChainHead {
  return { seq: 0, prev: sha256(sessionId) };
}

/** One line without its newline. `eventJson` is the output of `JSON.stringify`, which escapes newlines and lone surrogates. */
export function encodeLine(head: ChainHead, eventJson: string): { readonly line: string; readonly next: ChainHead } {
  const line = `{"seq":${head.seq},"prev":"${head.prev}","event":${eventJson}}`;
  return { line, next: { seq: head.seq + 1, prev: sha256(line) } };
}

/**
 * Checks one line, without its newline, against the head. The header is compared byte by byte rather than parsed: one
 * spelling, so no second reading (a repeated key, another order) can carry the same hash.
 */
export function decodeLine(line: Buffer, head: ChainHead): DecodedLine {
  const expected = `{"seq":${head.seq},"prev":"${head.prev}","event":`;
  const text = line.toString('utf8');
  if (!text.startsWith(expected) || !text.endsWith('}')) return { ok: false, fault: headerFault(line, head) };
  let value: unknown;
  try {
    value = JSON.parse(text.slice(expected.length, -1));
  } catch {
    return { ok: false, fault: 'the event is not JSON' };
  }
  if (!isEvent(value)) return { ok: false, fault: 'the event lacks a field or has a version this leash does not know' };
  return { ok: true, event: value, next: { seq: head.seq + 1, prev: sha256(line) } };
}

/** What a line says of its own place in the chain; undefined when it does not begin as a line of a journal does. */
export function readHeader(line: Buffer): ChainHead | undefined {
  const [, seq = '', prev = ''] = HEADER.exec(line.toString('latin1', 0, HEADER_BYTES)) ?? [];
  // One spelling: `007` is no number of an event.
  return prev === '' || String(Number(seq)) !== seq ? undefined : { seq: Number(seq), prev };
}

/** Lower-case hex SHA-256 of a line without its newline: what the next line carries. */
export function lineHash(line: Uint8Array): string {
  return sha256(line);
}

/** Whether the line holds an event, wherever in the chain it stands. `header`: what `readHeader` made of it. */
export function holdsEvent(line: Buffer, header: ChainHead): boolean {
  return decodeLine(line, header).ok;
}

function headerFault(line: Buffer, head: ChainHead): string {
  const found = HEADER.exec(line.toString('latin1', 0, HEADER_BYTES));
  if (found === null) return 'the line is not a journal line';
  if (found[1] !== String(head.seq)) return `expected event ${head.seq}, found event ${found[1]}`;
  return 'the chain is broken: the line before it, or this line, was changed';
}

/** Checks what every reader relies on; `detail` and the like stay as they are. */
function isEvent(value: unknown): value is Event {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Partial<Record<keyof Event, unknown>>;
  return (
    event.v === 1 &&
    typeof event.time === 'number' &&
    typeof event.action === 'string' &&
    typeof event.resource === 'object' &&
    event.resource !== null &&
    (event.effect === 'allow' || event.effect === 'deny') &&
    typeof event.enforced === 'boolean' &&
    Array.isArray(event.policies)
  );
}
