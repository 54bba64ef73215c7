// A compressed body enters and is read whole, what a filter makes of its content leaves: for servers that compress though asked not to.
import { Buffer } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { BodyFilter } from '../exchange/passage.ts';
import { ProtocolError } from '../http/head.ts';
import { wholeBody } from './whole-body.ts';

/** Bytes as they came, and decoded. */
const MOST_CODED = 16 << 20;
const MOST_DECODED = 64 << 20;

const DECODERS: Readonly<Record<string, (coded: Buffer) => Buffer>> = {
  gzip: (coded) => gunzipSync(coded, { maxOutputLength: MOST_DECODED }),
  'x-gzip': (coded) => gunzipSync(coded, { maxOutputLength: MOST_DECODED }),
  deflate: (coded) => inflateSync(coded, { maxOutputLength: MOST_DECODED }),
  br: (coded) => brotliDecompressSync(coded, { maxOutputLength: MOST_DECODED }),
};

/** Codings that can be read; `identity` is none. */
export function canDecode(coding: string): boolean {
  return Object.hasOwn(DECODERS, coding);
}

/** Throws ProtocolError from `push` and `end` when it is too long, or not what it says. */
export function decodedBody(coding: string, filter: BodyFilter): BodyFilter {
  return wholeBody(MOST_CODED, `more than ${MOST_CODED} bytes of ${coding} cannot be searched`, (coded) =>
    Buffer.concat([filter.push(decode(coding, coded)), filter.end()]),
  );
}

function decode(coding: string, coded: Buffer): Buffer {
  if (coded.length === 0) return coded;
  try {
    return DECODERS[coding]?.(coded) ?? refuse(coding);
  } catch {
    return refuse(coding);
  }
}

function refuse(coding: string): never {
  throw new ProtocolError(`the body is no ${coding} of at most ${MOST_DECODED} bytes, so it cannot be searched`, 502);
}
