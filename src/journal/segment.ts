// Where a session's journal lies: names, order and safe opening of its segment files.
import { closeSync, constants, fchmodSync, openSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** A segment is closed once it holds this many bytes. */
export const SEGMENT_BYTES: number = 64 * 1024 * 1024;

const SEGMENT_NAME = /^events-(\d{6,})\.jsonl$/;

/** `segmentName(1)` is `events-000001.jsonl`. */
export function segmentName(number: number): string {
  return `events-${String(number).padStart(6, '0')}.jsonl`;
}

/** Numbers of the segments in `dir`, oldest first. */
export function segmentNumbers(dir: string): readonly number[] {
  const numbers = readdirSync(dir).map((name) => Number(SEGMENT_NAME.exec(name)?.[1] ?? 0));
  return numbers.filter((number) => number > 0).sort((a, b) => a - b);
}

/** Number of the newest segment in `dir`, 0 when there is none. */
export function lastSegment(dir: string): number {
  return segmentNumbers(dir).at(-1) ?? 0;
}

/** Creates `file` for appending, mode 0600 whatever the umask; fails when the name exists, also as a symbolic link. */
export function createPrivateFile(file: string): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants;
  const fd = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o600);
  try {
    fchmodSync(fd, 0o600);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}

export function createSegment(dir: string, number: number): number {
  return createPrivateFile(path.join(dir, segmentName(number)));
}
