// An encoded body and the codings its head names enter, the content leaves, or why it cannot be had (RFC 9110, section 8.4).
import type { Buffer } from 'node:buffer';
import zlib from 'node:zlib';
import type { Field } from './head.ts';

export type Decoded = { readonly content: Buffer } | { readonly fault: string };

/** As servers accept them one upon the other; more is a bomb. */
const MAX_CODINGS = 2;

/** Lower-cased codings in the order in which they were applied; `identity` is none. */
export function contentCodings(fields: readonly Field[]): readonly string[] {
  return fields
    .filter(({ name }) => name === 'content-encoding')
    .flatMap(({ value }) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/** Not every version of Node has it. */
type ZstdDecompress = (bytes: Buffer, options: zlib.ZlibOptions) => Buffer;
const { zstdDecompressSync } = zlib as unknown as { readonly zstdDecompressSync?: ZstdDecompress };

function decoder(coding: string): ((bytes: Buffer, options: zlib.ZlibOptions) => Buffer) | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.gunzipSync;
    case 'deflate':
      // By the RFC in the zlib format; some send it bare. The first byte tells (RFC 1950, section 2.2).
      return (bytes, options) =>
        ((bytes[0] ?? 0) & 0x0f) === 8 ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options);
    case 'br':
      return zlib.brotliDecompressSync as (bytes: Buffer, options: zlib.ZlibOptions) => Buffer;
    case 'zstd':
      return zstdDecompressSync;
    default:
      return undefined;
  }
}

/** @param limit most bytes of content, and of every step to it */
export function decodeContent(bytes: Buffer, codings: readonly string[], limit: number): Decoded {
  if (codings.length > MAX_CODINGS) return { fault: 'it is encoded several times over' };
  let content = bytes;
  for (const coding of codings.toReversed()) {
    const decode = decoder(coding);
    // The name is the sender's.
    if (decode === undefined)
      return { fault: `its content coding "${coding.slice(0, 20).replace(/[^\w-]/g, '?')}" is not known here` };
    try {
      content = decode(content, { maxOutputLength: limit });
    } catch (error) {
      const isLong = error instanceof RangeError;
      return { fault: isLong ? 'it is too long when decoded' : `it is not what its content coding "${coding}" says` };
    }
  }
  return { content };
}
