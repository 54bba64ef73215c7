// Bytes of a WebSocket server enter, the same bytes without credentials leave: headers of frames untouched, contents of the same length.
import { Buffer } from 'node:buffer';
import type { BodyFilter } from '../exchange/passage.ts';
import { ProtocolError } from '../http/head.ts';
import type { Scrubber } from './scrub.ts';

const MASKED = 0x80;
/** RSV1 to RSV3: an extension was agreed, and what is inside cannot be read (RFC 6455, section 5.2). */
const EXTENDED = 0x70;
const LONGEST_HEADER = 10;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

interface Header {
  readonly size: number;
  readonly payload: number;
}

/** RFC 6455, section 5.2; undefined until the header is complete. @throws ProtocolError */
function readHeader(bytes: Buffer): Header | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  if ((second & MASKED) !== 0 || (first & EXTENDED) !== 0)
    throw new ProtocolError('a WebSocket frame that cannot be searched for credentials', 502);
  const short = second & ~MASKED;
  if (short < LENGTH_16) return { size: 2, payload: short };
  const size = short === LENGTH_16 ? 4 : LONGEST_HEADER;
  if (bytes.length < size) return undefined;
  const payload = short === LENGTH_64 ? Number(bytes.readBigUInt64BE(2)) : bytes.readUInt16BE(2);
  return { size, payload };
}

/** @param scrubber one that keeps lengths. A value is found within a frame, and not where it runs from one into the next. */
export function webSocketBody(scrubber: Scrubber): BodyFilter {
  let pending: Buffer = Buffer.alloc(0);
  /** Bytes of the frame's content that have not come yet. */
  let left = 0;
  const step = (out: Buffer[]): boolean => {
    if (left === 0) {
      const header = readHeader(pending);
      if (header === undefined) return false;
      out.push(pending.subarray(0, header.size));
      pending = pending.subarray(header.size);
      left = header.payload;
      return true;
    }
    const content = pending.subarray(0, left);
    if (content.length === 0) return false;
    const isLast = content.length === left;
    const { passed, held } = scrubber.take(content, isLast);
    out.push(passed);
    left -= passed.length;
    pending = isLast ? pending.subarray(content.length) : held;
    return isLast;
  };
  return {
    changes: true,
    push: (bytes) => {
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
      const out: Buffer[] = [];
      while (step(out));
      return Buffer.concat(out);
    },
    end: () => pending,
  };
}
