// The folder of a session and the number of an event in; a place shortly before it out: pages far into a long journal need not read all that is before.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { type ChainHead, MAX_LINE_BYTES, readHeader } from './chain.ts';
import { segmentName, segmentNumbers } from './segment.ts';

const NEWLINE = 0x0a;
const HEADER_BYTES = 128;
/** Closer than so many bytes nothing is gained. */
const NEAR_BYTES = 1 << 20;

/** Where a line of a journal begins, and what it must carry if the chain holds there. */
export interface JournalPlace {
  /** Number of the segment. */
  readonly segment: number;
  /** Of the line's first byte. */
  readonly offset: number;
  readonly head: ChainHead;
}

/** @param use gets a descriptor that it need not close. */
export function inSegment<T>(dir: string, segment: number, use: (descriptor: number) => T): T {
  const descriptor = openSync(path.join(dir, segmentName(segment)), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Undefined: no line of a journal begins there. */
export function headAt(descriptor: number, offset: number): ChainHead | undefined {
  const bytes = Buffer.alloc(HEADER_BYTES);
  return readHeader(bytes.subarray(0, readSync(descriptor, bytes, 0, HEADER_BYTES, offset)));
}

/** The first line that begins behind `offset`; undefined: none does, or it is none of a journal. */
function lineBehind(descriptor: number, offset: number): Omit<JournalPlace, 'segment'> | undefined {
  const bytes = Buffer.allocUnsafe(MAX_LINE_BYTES + 1);
  const end = bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, offset)).indexOf(NEWLINE);
  const start = offset + end + 1;
  const head = end < 0 ? undefined : headAt(descriptor, start);
  return head && { offset: start, head };
}

/** A line at or before event `seq`, by halves: the numbers in a segment only grow. */
function search(descriptor: number, first: ChainHead, seq: number): Omit<JournalPlace, 'segment'> {
  let found = { offset: 0, head: first };
  for (let end = fstatSync(descriptor).size; end - found.offset > NEAR_BYTES; ) {
    const middle = Math.floor((found.offset + end) / 2);
    const line = lineBehind(descriptor, middle);
    if (line !== undefined && line.head.seq <= seq) found = line;
    else end = middle;
  }
  return found;
}

/** @returns undefined: near the beginning of the journal, or where nothing can be trusted; a reader of the whole will say what */
export function eventPlace(dir: string, seq: number): JournalPlace | undefined {
  for (const segment of segmentNumbers(dir).toReversed()) {
    const place = inSegment(dir, segment, (descriptor) => {
      const first = headAt(descriptor, 0);
      return first !== undefined && first.seq <= seq ? { segment, ...search(descriptor, first, seq) } : undefined;
    });
    if (place !== undefined) return place.segment === 1 && place.offset === 0 ? undefined : place;
  }
  return undefined;
}
