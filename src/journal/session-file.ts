// What is known of a session, to and from the `session.json` beside its segments; replaced whole, never changed in place.
import { closeSync, constants, fdatasyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import type { SessionInfo } from '../schema/event.ts';
import { MODES } from '../schema/verdict.ts';
import { createPrivateFile } from './segment.ts';

const SESSION_FILE = 'session.json';

/**
 * Replaces the session's record by rename(2): a reader sees the old or the new one, never a mixture.
 * @param durable wait until the bytes are on the disk before the rename.
 * Throws the system's error (ENOSPC, EROFS …).
 */
export function writeSessionInfo(dir: string, info: SessionInfo, durable: boolean): void {
  const temporary = path.join(dir, `${SESSION_FILE}.new`);
  rmSync(temporary, { force: true });
  const fd = createPrivateFile(temporary);
  try {
    const bytes = Buffer.from(`${JSON.stringify(info, undefined, 2)}\n`);
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    if (durable) fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path.join(dir, SESSION_FILE));
}

/**
 * Reads the session's record.
 * Throws LEASH_SESSION_UNKNOWN when there is none, LEASH_JOURNAL_CORRUPT when it is not a session's record.
 */
export function readSessionInfo(dir: string): SessionInfo {
  let text: string;
  try {
    const fd = openSync(path.join(dir, SESSION_FILE), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      text = readFileSync(fd, 'utf8');
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    throw new LeashError('LEASH_SESSION_UNKNOWN', `there is no session at ${dir}`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isSessionInfo(value)) {
    throw new LeashError('LEASH_JOURNAL_CORRUPT', `${path.join(dir, SESSION_FILE)} is not the record of a session`);
  }
  return value;
}

function isSessionInfo(value: unknown): value is SessionInfo {
  if (typeof value !== 'object' || value === null) return false;
  const info = value as Partial<Record<keyof SessionInfo, unknown>>;
  return (
    info.v === 1 &&
    typeof info.id === 'string' &&
    Array.isArray(info.command) &&
    info.command.every((word) => typeof word === 'string') &&
    MODES.some((mode) => mode === info.mode) &&
    typeof info.started === 'number' &&
    Number.isInteger(info.pid)
  );
}
