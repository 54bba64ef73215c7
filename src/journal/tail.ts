// The folder of a session and a number in; the place where its last so many lines begin, out: who wants the end need not read the whole.
import { fstatSync, readSync } from 'node:fs';
import { headAt, inSegment, type JournalPlace } from './place.ts';
import { segmentNumbers } from './segment.ts';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 1 << 20;
/** Further back nobody looks for the last lines, however long they are. */
const TAIL_BYTES_MAX = 32 << 20;

interface Search {
  /** Ends of lines still to be passed: of those that are wanted, and of the one before them. */
  ends: number;
  /** Bytes that may still be looked at. */
  left: number;
}

/** Where in the segment the search ends; 0: it goes on in the one before. */
function searchBack(descriptor: number, search: Search): number {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let end = fstatSync(descriptor).size; end > 0; ) {
    const start = Math.max(0, end - CHUNK_BYTES);
    let rest = chunk.subarray(0, readSync(descriptor, chunk, 0, end - start, start));
    search.left -= rest.length;
    const first = rest.indexOf(NEWLINE);
    for (let at = rest.lastIndexOf(NEWLINE); at >= 0; at = rest.lastIndexOf(NEWLINE)) {
      search.ends -= 1;
      if (search.ends === 0) return start + at + 1;
      rest = rest.subarray(0, at);
    }
    // What was looked at is enough, from its first whole line on.
    if (search.left <= 0) return start + first + 1;
    end = start;
  }
  return 0;
}

/**
 * Where the last `lines` events begin, or fewer when they are very long.
 * @returns undefined: at the beginning of the journal, or nothing there can be trusted; a reader of the whole will say what
 */
export function tailPlace(dir: string, lines: number): JournalPlace | undefined {
  const search: Search = { ends: lines + 1, left: TAIL_BYTES_MAX };
  let later: JournalPlace | undefined;
  for (const segment of segmentNumbers(dir).toReversed()) {
    const found = inSegment(dir, segment, (descriptor) => {
      const placeAt = (offset: number): JournalPlace | undefined => {
        const head = headAt(descriptor, offset);
        return head && { segment, offset, head };
      };
      const offset = searchBack(descriptor, search);
      // The line before the wanted ones is the last of this segment.
      if (offset === fstatSync(descriptor).size) return { place: later };
      if (offset > 0) return { place: placeAt(offset) };
      later = placeAt(0);
      return undefined;
    });
    if (found !== undefined) return found.place;
  }
  return undefined;
}
