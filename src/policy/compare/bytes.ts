// Bytes of text: ranges of them in the order in which a person likes to read them, and what makes a sequence UTF-8.

export const SLASH = 0x2f;
export const DOT = 0x2e;
export const HYPHEN = 0x2d;
export const SPACE = 0x20;
export const TAB = 0x09;
export const ASTERISK = 0x2a;

export function byteRange(low: number, high: number): number[] {
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

export function codesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

export const LOWER_CASE: readonly number[] = byteRange(0x61, 0x7a);
export const UPPER_CASE: readonly number[] = byteRange(0x41, 0x5a);
export const DIGITS: readonly number[] = byteRange(0x30, 0x39);
const READABLE: readonly number[] = [...LOWER_CASE, ...DIGITS, ...UPPER_CASE, ...codesOf('_-+=,:;@%~')];

/** `low` to `high` without `others`, readable ones first. */
export function readableFirst(low: number, high: number, others: readonly number[] = []): readonly number[] {
  const all = byteRange(low, high).filter((byte) => !others.includes(byte));
  const wanted = new Set(all);
  return [...new Set([...READABLE.filter((byte) => wanted.has(byte)), ...all])];
}

/** What may follow in a character of UTF-8: this many bytes more, the next of them between `low` and `high`. */
export interface Utf8 {
  readonly rest: number;
  readonly low: number;
  readonly high: number;
}

export const BETWEEN_CHARACTERS: Utf8 = { rest: 0, low: 0, high: 0 };

/** Bytes beyond ASCII that UTF-8 treats alike. Source: RFC 3629, section 4. */
export const UTF8_CLASSES: readonly (readonly number[])[] = [
  byteRange(0x80, 0x8f),
  byteRange(0x90, 0x9f),
  byteRange(0xa0, 0xbf),
  byteRange(0xc2, 0xdf),
  [0xe0],
  [...byteRange(0xe1, 0xec), 0xee, 0xef],
  [0xed],
  [0xf0],
  byteRange(0xf1, 0xf3),
  [0xf4],
];

function utf8Lead(byte: number): Utf8 | undefined {
  if (byte < 0x80) return BETWEEN_CHARACTERS;
  if (byte < 0xc2 || byte > 0xf4) return undefined;
  if (byte < 0xe0) return { rest: 1, low: 0x80, high: 0xbf };
  // No overlong form, no surrogate, nothing beyond U+10FFFF.
  if (byte < 0xf0) return { rest: 2, low: byte === 0xe0 ? 0xa0 : 0x80, high: byte === 0xed ? 0x9f : 0xbf };
  return { rest: 3, low: byte === 0xf0 ? 0x90 : 0x80, high: byte === 0xf4 ? 0x8f : 0xbf };
}

/** Undefined when the byte makes the text malformed. */
export function utf8Step({ rest, low, high }: Utf8, byte: number): Utf8 | undefined {
  if (rest === 0) return utf8Lead(byte);
  if (byte < low || byte > high) return undefined;
  return rest === 1 ? BETWEEN_CHARACTERS : { rest: rest - 1, low: 0x80, high: 0xbf };
}
