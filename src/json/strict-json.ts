// The bytes of a JSON text enter; its value leaves if every reader of JSON reads the same, else why not (RFC 8259, RFC 7493).
import { type Buffer, isUtf8 } from 'node:buffer';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** `text`: the bytes decoded; encoded again, it is the same bytes. */
export interface StrictJson {
  readonly text: string;
  readonly value: JsonValue;
}

export type Reading = StrictJson | { readonly fault: string };

const MAX_DEPTH = 64;
/** A value of two bytes takes fifty in memory. */
const MAX_VALUES = 1_000_000;
/** Different keys in all: JSON.parse of V8 takes five microseconds for each, and a hundredth of that for one it has seen. */
const MAX_NAMES = 65_536;
const MAX_QUOTED = 60;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of the sender for a message: short and printable. */
export function quoted(text: string): string {
  return `"${text.slice(0, MAX_QUOTED).replace(/[^\x20-\x7e]/g, '?')}"`;
}

/** Place of the quote that ends the string which begins at `start`; -1 when none does. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}

function keyFault(literal: string, keys: Set<string>, names: Set<string>): string | undefined {
  let key: string;
  try {
    key = literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
  } catch {
    return 'it is not JSON';
  }
  if (keys.has(key)) return `the key ${quoted(key)} stands twice in one object`;
  // Servers in JavaScript may copy it into the prototype, where its content is found as if it stood outside.
  if (key === '__proto__') return 'the key "__proto__" stands in an object';
  keys.add(key);
  names.add(key);
  return names.size > MAX_NAMES ? `it holds more than ${MAX_NAMES} different keys` : undefined;
}

/** What sound JSON may still have that readers disagree on; depth and number of values are bounded before anything is built. */
function structureFault(text: string): string | undefined {
  /** The keys of each open object; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  const names = new Set<string>();
  let values = 1;
  let isKeyDue = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = stringEnd(text, at);
      if (end < 0) return 'it is not JSON';
      const keys = open.at(-1);
      const fault = isKeyDue && keys !== undefined ? keyFault(text.slice(at, end + 1), keys, names) : undefined;
      if (fault !== undefined) return fault;
      isKeyDue = false;
      at = end;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      isKeyDue = code === OPEN_BRACE;
      open.push(isKeyDue ? new Set() : undefined);
      values += 1;
      if (open.length > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      isKeyDue = false;
      open.pop();
    } else if (code === COMMA) {
      isKeyDue = open.at(-1) !== undefined;
      values += 1;
    }
    if (values > MAX_VALUES) return `it holds more than ${MAX_VALUES} values`;
  }
  return undefined;
}

/**
 * Refused: a byte order mark, anything but UTF-8, a key twice in one object, the key `__proto__`, more than 64 levels, more than 65,536
 * different keys, more than a million values, and anything behind the value.
 */
export function readStrictJson(bytes: Buffer): Reading {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { fault: 'it begins with a byte order mark' };
  if (!isUtf8(bytes)) return { fault: 'it is not UTF-8' };
  const text = bytes.toString('utf8');
  const fault = structureFault(text);
  if (fault !== undefined) return { fault };
  try {
    return { text, value: JSON.parse(text) as JsonValue };
  } catch {
    // Its message would quote the content.
    return { fault: 'it is not JSON' };
  }
}

/** White space, marks and NUL bytes of wider encodings before the brace. */
const BEGINNING_OF_OBJECT = /^(?:\xef\xbb\xbf|\xfe\xff|\xff\xfe)?[\0 \t\r\n]*\{/;
const BEGINNING_OF_CONTAINER = /^(?:\xef\xbb\xbf|\xfe\xff|\xff\xfe)?[\0 \t\r\n]*[{[]/;
const NOTHING_YET = /^(?:\xef(?:\xbb\xbf?)?|\xfe\xff?|\xff\xfe?)?[\0 \t\r\n]*$/;

/** Whether a text that begins so may be a JSON object, in any encoding that some server would read; undefined: more must be seen. */
export function mayBeObject(start: Buffer): boolean | undefined {
  return begins(start, BEGINNING_OF_OBJECT);
}

/** The same of an object or an array. */
export function mayBeContainer(start: Buffer): boolean | undefined {
  return begins(start, BEGINNING_OF_CONTAINER);
}

function begins(start: Buffer, beginning: RegExp): boolean | undefined {
  const text = start.toString('latin1');
  if (beginning.test(text)) return true;
  return NOTHING_YET.test(text) ? undefined : false;
}
