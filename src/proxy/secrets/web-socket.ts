// Bytes of a WebSocket server enter, the same bytes without credentials leave: headers of frames untouched, contents of the same length.
import { Buffer } from 'node:buffer';
import type { BodyFilter } from '../exchange/passage.ts';
import { ProtocolError } from '../http/head.ts';
import { type FrameHeader, readFrameHeader } from '../web-socket/frame.ts';
import type { Scrubber } from './scrub.ts';

/** Undefined until the header is complete. @throws ProtocolError */
function readableHeader(bytes: Buffer): FrameHeader | undefined {
  const header = readFrameHeader(bytes);
  if (header !== undefined && (header.mask !== undefined || header.isExtended))
    throw new ProtocolError('a WebSocket frame that cannot be searched for credentials', 502);
  return header;
}

/** @param scrubber one that keeps lengths. A value is found within a frame, and not where it runs from one into the next. */
export function webSocketBody(scrubber: Scrubber): BodyFilter {
  let pending: Buffer = Buffer.alloc(0);
  /** Bytes of the frame's content that have not come yet. */
  let left = 0;
  const step = (out: Buffer[]): boolean => {
    if (left === 0) {
      const header = readableHeader(pending);
      if (header === undefined) return false;
      out.push(pending.subarray(0, header.size));
      pending = pending.subarray(header.size);
      left = header.length;
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
