// Segments of a journal in, the events whose chain holds out, and where it stops holding. No DOM, no file access.
import type { Event, SessionInfo } from '../../../src/schema/event.ts';

export interface Segment {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** One event and its number in the session, from 0. */
export interface Entry {
  readonly seq: number;
  readonly event: Event;
}

export interface Verification {
  /** Every event up to the first fault, in order. */
  readonly entries: readonly Entry[];
  /** Where and why the chain does not hold; later lines are not shown. */
  readonly fault?: { readonly segment: string; readonly line: number; readonly text: string };
  /** True when the first line was compared with the session id: nothing was cut off before it. */
  readonly isStartChecked: boolean;
  /** True when the last line was compared with the session's record: nothing was cut off after it. */
  readonly isEndChecked: boolean;
  /** Bytes of a last line without an end: still being written, or left by a crash. */
  readonly unfinished: number;
}

interface Line {
  readonly segment: string;
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Header {
  readonly seq: number;
  readonly prev: string;
  readonly length: number;
}

const NEWLINE = 0x0a;
const HEADER = /^\{"seq":(0|[1-9]\d*),"prev":"([0-9a-f]{64})","event":/;
const HEADER_BYTES = 128;
/** Lines hashed at once: enough to keep the digest threads busy, few enough to stop soon after a fault. */
const BATCH = 512;

const utf8 = new TextDecoder('utf-8', { fatal: true });

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function splitLines(segments: readonly Segment[]): { lines: readonly Line[]; unfinished: number } {
  const lines: Line[] = [];
  let unfinished = 0;
  for (const { name, bytes } of segments) {
    let start = 0;
    let number = 1;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      lines.push({ segment: name, number, bytes: bytes.subarray(start, end) });
      start = end + 1;
      number += 1;
    }
    unfinished = bytes.length - start;
  }
  return { lines, unfinished };
}

/** The part before the event has one spelling, so that no second reading of a line can carry the same hash. */
function readHeader(bytes: Uint8Array): Header | undefined {
  const found = HEADER.exec(String.fromCharCode(...bytes.subarray(0, HEADER_BYTES)));
  if (found?.[1] === undefined || found[2] === undefined) return undefined;
  return { seq: Number(found[1]), prev: found[2], length: found[0].length };
}

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

function readEvent(bytes: Uint8Array, header: Header): Event | undefined {
  if (bytes.at(-1) !== 0x7d) return undefined;
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes.subarray(header.length, -1)));
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What the next line must carry; before the first line of a session nobody knows, its own word stands. */
interface Expected {
  readonly seq: number;
  readonly prev: string;
}

function checkLine(line: Line, expected: Expected | undefined): Entry | string {
  const header = readHeader(line.bytes);
  if (header === undefined) return 'this is not a journal line';
  if (expected !== undefined && header.seq !== expected.seq) {
    return `expected event ${expected.seq}, found event ${header.seq}`;
  }
  if (expected !== undefined && header.prev !== expected.prev) {
    return expected.seq === 0
      ? 'this line does not begin the session'
      : 'the chain is broken: the line before this one was changed, or this one was';
  }
  const event = readEvent(line.bytes, header);
  return event === undefined ? 'the event cannot be read' : { seq: header.seq, event };
}

/**
 * Follows the SHA-256 chain over `segments`, which are in order. `session`, the content of session.json, lets the two
 * ends be checked as well. The line format is that of src/journal/chain.ts.
 */
export async function verify(segments: readonly Segment[], session?: SessionInfo): Promise<Verification> {
  const { lines, unfinished } = splitLines(segments);
  const entries: Entry[] = [];
  const genesis = session && { seq: 0, prev: await sha256(new TextEncoder().encode(session.id)) };
  let expected: Expected | undefined = genesis;
  const state = { entries, isStartChecked: genesis !== undefined, isEndChecked: false, unfinished };

  for (let start = 0; start < lines.length; start += BATCH) {
    const batch = lines.slice(start, start + BATCH);
    const hashes = await Promise.all(batch.map((line) => sha256(line.bytes)));
    for (const [index, line] of batch.entries()) {
      const entry = checkLine(line, expected);
      if (typeof entry === 'string') {
        return { ...state, fault: { segment: line.segment, line: line.number, text: entry } };
      }
      entries.push(entry);
      expected = { seq: entry.seq + 1, prev: hashes[index] ?? '' };
    }
  }
  if (session?.events === undefined) return state;
  if (session.events === (expected?.seq ?? 0) && (session.head === undefined || session.head === expected?.prev)) {
    return { ...state, isEndChecked: true };
  }
  const text = `the session wrote ${session.events} events, and these are not all of them`;
  return { ...state, fault: { segment: segments.at(-1)?.name ?? '', line: lines.at(-1)?.number ?? 0, text } };
}
