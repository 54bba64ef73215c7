// What is to be made of a whole body enters, a filter that holds it back until it is complete leaves.
import { Buffer } from 'node:buffer';
import type { BodyFilter } from '../exchange/passage.ts';
import { ProtocolError } from '../http/head.ts';

const NOTHING = Buffer.alloc(0);

/**
 * @param most bytes that are held. @param tooLong what is said of more
 * `push` throws ProtocolError when there is more; what `change` throws, `end` throws.
 */
export function wholeBody(most: number, tooLong: string, change: (content: Buffer) => Buffer): BodyFilter {
  const parts: Buffer[] = [];
  let size = 0;
  return {
    changes: true,
    push: (content) => {
      size += content.length;
      if (size > most) throw new ProtocolError(tooLong, 502);
      parts.push(Buffer.from(content));
      return NOTHING;
    },
    end: () => change(Buffer.concat(parts)),
  };
}
