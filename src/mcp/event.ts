// The bytes of one server-sent event enter; its type and data leave, and the event with other data or none, its other lines to the letter.
import { Buffer } from 'node:buffer';

/** Places in the bytes of the event. */
interface Line {
  readonly name: string;
  readonly start: number;
  /** Where its value begins. */
  readonly value: number;
  /** Where its content ends. */
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
}

export interface Event {
  /** With the empty line that ends it. */
  readonly bytes: Buffer;
  /** `message` unless another is named. */
  readonly type: string;
  /** Undefined if no line is data. */
  readonly data: Buffer | undefined;
  readonly lines: readonly Line[];
}

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const NOTHING: Buffer = Buffer.alloc(0);
const NEW_LINE: Buffer = Buffer.from('\n');
const MARK: Buffer = Buffer.from('\uFEFF');
/** No field has a longer name. */
const MAX_NAME = 5;

function lineOf(bytes: Buffer, start: number, end: number, next: number): Line {
  let colon = start;
  while (colon < end && colon - start <= MAX_NAME && bytes[colon] !== COLON) colon += 1;
  const hasName = colon === end || bytes[colon] === COLON;
  const value = Math.min(end, bytes[colon + 1] === SPACE ? colon + 2 : colon + 1);
  return { name: hasName ? bytes.toString('latin1', start, colon) : '', start, value, end, next };
}

function linesOf(bytes: Buffer, from: number): Line[] {
  const lines: Line[] = [];
  const lastCr = bytes.lastIndexOf(CR);
  for (let at = from; at < bytes.length; ) {
    const lf = bytes.indexOf(LF, at);
    const cr = at <= lastCr ? bytes.indexOf(CR, at) : -1;
    const found = cr < 0 || (lf >= 0 && lf < cr) ? lf : cr;
    const end = found < 0 ? bytes.length : found;
    const next = end === cr && bytes[end + 1] === LF ? end + 2 : end + 1;
    lines.push(lineOf(bytes, at, end, next));
    at = next;
  }
  return lines;
}

/**
 * WHATWG HTML, section 9.2.6: of several types the last, of several lines of data all, with LF between them.
 *
 * @param isFirst of its stream: a byte order mark before it is no part of it.
 */
export function readEvent(bytes: Buffer, isFirst: boolean): Event {
  const hasMark = isFirst && bytes.subarray(0, MARK.length).equals(MARK);
  const lines = linesOf(bytes, hasMark ? MARK.length : 0);
  const data: Buffer[] = [];
  let type = '';
  for (const { name, value, end } of lines) {
    if (name === 'data') data.push(bytes.subarray(value, end));
    else if (name === 'event') type = bytes.toString('utf8', value, end);
  }
  const joined = data.length > 1 ? Buffer.concat(data.flatMap((each) => [NEW_LINE, each]).slice(1)) : data[0];
  return { bytes, type: type === '' ? 'message' : type, data: joined, lines };
}

/** Where `str.splitlines` of Python ends a line and no browser does. */
const OTHER_END = /[\v\f\x1c-\x1e\x85\u2028\u2029]/;

/**
 * Whether some client finds further lines within the lines (httpx of Python split so), and in them an event that was not judged.
 * Within a JSON text such a character stands in a string, and what follows it is no JSON to anyone: quotes there end the string.
 */
export function hidesLines({ bytes, lines }: Event, isDataJson: boolean): boolean {
  return lines.some(
    ({ name, start, end }) => !(isDataJson && name === 'data') && OTHER_END.test(bytes.toString('utf8', start, end)),
  );
}

/** Its first line of data becomes `data`, the others go. */
export function withData({ bytes, lines }: Event, data: Buffer): Buffer {
  const first = lines.findIndex(({ name }) => name === 'data');
  const parts = lines.flatMap(({ name, start, end, next }, index) => {
    if (name !== 'data') return bytes.subarray(start, next);
    if (index !== first) return [];
    const ending = end === bytes.length ? NEW_LINE : bytes.subarray(end, next);
    return data
      .toString('utf8')
      .split('\n')
      .flatMap((text) => [Buffer.from(`data: ${text}`), ending]);
  });
  return Buffer.concat([bytes.subarray(0, lines[0]?.start), ...parts]);
}

/** Nothing at all, unless it has an id or a time to reconnect. */
export function withoutData({ bytes, lines }: Event): Buffer {
  if (!lines.some(({ name }) => name === 'id' || name === 'retry')) return NOTHING;
  const kept = lines.filter(({ name }) => name !== 'data' && name !== 'event');
  return Buffer.concat(kept.map(({ start, next }) => bytes.subarray(start, next)));
}

/** A message of Leash's own, to be sent between two events of a stream. */
export function eventOf(message: string): Buffer {
  return Buffer.from(`event: message\ndata: ${message}\n\n`);
}
