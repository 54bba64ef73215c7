// The folder of a session in; whether its journal is what the session wrote, and where it is not, out.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { holdsEvent, lineHash, readHeader } from '../chain.ts';
import { segmentName, segmentNumbers } from '../segment.ts';
import { readSessionInfo } from '../session-file.ts';
import { type SessionState, sessionState } from '../session-list.ts';
import { type AuditedLine, type AuditResult, ChainAudit } from './chain-audit.ts';
import type { Place } from './fault.ts';
import { type RawLine, SegmentLines } from './segment-lines.ts';

const CHUNK_BYTES = 256 * 1024;

export interface Verified extends AuditResult {
  readonly id: string;
  readonly state: SessionState;
  readonly segments: number;
  /** Bytes of a last line without an end: one that is being written, or what a crash left. */
  readonly unfinished: number;
}

function audited(segment: string, { bytes, line, offset, isTooLong }: RawLine, isCut: boolean): AuditedLine {
  const header = isTooLong ? undefined : readHeader(bytes);
  const isEvent = header !== undefined && !isCut && holdsEvent(bytes, header);
  return { segment, line, offset, header, hash: lineHash(bytes), isEvent, isCut };
}

/** Calls `take` with each chunk; its memory is used again. Throws the system's error. */
function readSegment(file: string, chunk: Buffer, take: (bytes: Buffer) => void): void {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) throw Object.assign(new Error('no file'), { code: 'it is no file' });
    for (;;) {
      const length = readSync(descriptor, chunk, 0, chunk.length, null);
      if (length === 0) return;
      take(chunk.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads the whole journal and goes on after a fault. Throws LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT when the session's record
 * cannot be read.
 */
export function verifyJournal(dir: string): Verified {
  // Looked at before the segments: what an ended session wrote is then all there.
  const info = readSessionInfo(dir);
  const state = sessionState(info);
  const numbers = segmentNumbers(dir);
  const audit = new ChainAudit(info);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let end: Place = { segment: segmentName(1), line: 1, offset: 0 };
  let unfinished = 0;
  for (const number of numbers) {
    const segment = segmentName(number);
    const lines = new SegmentLines();
    try {
      readSegment(path.join(dir, segment), chunk, (bytes) => {
        for (const line of lines.push(bytes)) audit.add(audited(segment, line, false));
      });
    } catch (error) {
      audit.unreadable(segment, `it cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
    }
    end = { segment, ...lines.end };
    unfinished = lines.unfinished;
    if (unfinished > 0 && number !== numbers.at(-1)) audit.add(audited(segment, lines.take(), true));
  }
  return { id: info.id, state, segments: numbers.length, unfinished, ...audit.finish(end, unfinished > 0) };
}
