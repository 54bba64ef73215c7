// ASN.1 values enter, DER bytes leave: only what an X.509 certificate needs (ITU-T X.690).
import { Buffer } from 'node:buffer';

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  return size < 0x100 ? Buffer.from([0x81, size]) : Buffer.from([0x82, size >> 8, size & 0xff]);
}

/** One element: identifier octet, length, contents; contents below 64 KiB. */
export function element(identifier: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length > 0xffff) throw new RangeError('DER element longer than 64 KiB');
  return Buffer.concat([Buffer.from([identifier]), length(body.length), body]);
}

export const sequence = (...items: readonly Buffer[]): Buffer => element(0x30, ...items);
export const set = (...items: readonly Buffer[]): Buffer => element(0x31, ...items);
export const octetString = (bytes: Buffer): Buffer => element(0x04, bytes);
export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text));
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0x00]));

/** `explicit [tag] { … }`, constructed and context-specific. */
export const tagged = (tag: number, ...items: readonly Buffer[]): Buffer => element(0xa0 | tag, ...items);

/** `implicit [tag]` over a primitive value, context-specific. */
export const taggedPrimitive = (tag: number, bytes: Buffer): Buffer => element(0x80 | tag, bytes);

/** A non-negative integer from its big-endian bytes, which must be minimal. */
export function integer(bytes: Buffer): Buffer {
  const negative = ((bytes[0] ?? 0) & 0x80) !== 0;
  return element(0x02, negative ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

export function bitString(bytes: Buffer, unusedBits: number = 0): Buffer {
  return element(0x03, Buffer.of(unusedBits), bytes);
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTCTime until 2049 and GeneralizedTime from 2050, in whole seconds (RFC 5280, section 4.1.2.5). */
export function time(date: Date): Buffer {
  const text = `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(text.slice(2))) : element(0x18, Buffer.from(text));
}
