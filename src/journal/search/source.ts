// The segments of a session in, what an index was made of out; tells whether they have changed since, or grown.
import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { ChainHead } from '../chain.ts';
import { segmentName, segmentNumbers } from '../segment.ts';
import { INDEX_VERSION } from './columns.ts';

export interface SegmentState {
  readonly number: number;
  readonly bytes: number;
  readonly inode: string;
  /** Of the last change, in nanoseconds: nobody can set it by ordinary means. */
  readonly changed: string;
}

/** Kept in the index. */
export interface Source {
  readonly version: number;
  readonly id: string;
  readonly segments: readonly SegmentState[];
  /** Where the next event will be found. */
  readonly next: ChainHead & { readonly segment: number; readonly line: number; readonly offset: number };
}

export function segmentStates(dir: string): readonly SegmentState[] {
  return segmentNumbers(dir).map((number) => {
    const { size, ino, ctimeNs } = lstatSync(path.join(dir, segmentName(number)), { bigint: true });
    return { number, bytes: Number(size), inode: String(ino), changed: String(ctimeNs) };
  });
}

/** `grown`: what was indexed is still there, and more may have come. */
export type Freshness = 'fresh' | 'grown' | 'stale';

/** Of the newest segment only what was indexed must still be there: it grows while the session runs. */
export function freshness(source: Source, id: string, now: readonly SegmentState[]): Freshness {
  if (source.version !== INDEX_VERSION || source.id !== id || source.segments.length > now.length) return 'stale';
  const isSame = source.segments.every((was, index) => {
    const is = now[index];
    if (is === undefined || is.number !== was.number || is.inode !== was.inode) return false;
    const mayGrow = index === source.segments.length - 1;
    return is.bytes === was.bytes ? is.changed === was.changed : mayGrow && is.bytes > was.bytes;
  });
  if (!isSame) return 'stale';
  const last = source.segments.at(-1);
  return source.segments.length === now.length && last?.bytes === now.at(-1)?.bytes ? 'fresh' : 'grown';
}

/** What an index says of its source; undefined when it says nothing that is understood. */
export function readSource(json: unknown): Source | undefined {
  if (typeof json !== 'string') return undefined;
  try {
    const source = JSON.parse(json) as Partial<Source> | null;
    const isWhole =
      typeof source?.version === 'number' && Array.isArray(source.segments) && typeof source.next?.prev === 'string';
    return isWhole ? (source as Source) : undefined;
  } catch {
    return undefined;
  }
}
