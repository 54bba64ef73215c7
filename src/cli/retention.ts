// What `[journal]` says is kept in; the records of older sessions deleted, oldest first, out. Never one that runs, nor one with changes that wait.
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { JournalSettings } from '../config/config.ts';
import { removeSession } from '../journal/remove-session.ts';
import { listSessions, type SessionSummary } from '../journal/session-list.ts';
import { hindrance } from './removable.ts';

/** Bytes of all files in a folder; links are not followed. */
export function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const place = path.join(folder, entry.name);
    return sum + (entry.isDirectory() ? folderBytes(place) : lstatSync(place).size);
  }, 0);
}

/** A session that crashed has no end: it counts from its start. */
function endOf({ info }: SessionSummary): number {
  return info.ended ?? info.started;
}

/**
 * Those to delete, oldest end first.
 * @param bytesOf what a session takes
 */
export function expired(
  sessions: readonly SessionSummary[],
  { keepFor = Number.POSITIVE_INFINITY, keepSize = Number.POSITIVE_INFINITY }: JournalSettings,
  now: number,
  bytesOf: (session: SessionSummary) => number,
): readonly SessionSummary[] {
  const oldestFirst = sessions.toSorted((a, b) => endOf(a) - endOf(b));
  const isSized = Number.isFinite(keepSize);
  let left = isSized ? oldestFirst.reduce((sum, session) => sum + bytesOf(session), 0) : 0;
  return oldestFirst.filter((session) => {
    if (hindrance(session) !== undefined) return false;
    const isOld = endOf(session) < now - keepFor;
    if (!isOld && left <= keepSize) return false;
    if (isSized) left -= bytesOf(session);
    return true;
  });
}

/** Deletes them; what cannot be deleted is told of and stays. */
export function deleteExpired(settings: JournalSettings, say: (line: string) => void): void {
  const sizes = new Map<string, number>();
  const bytesOf = ({ info, dir }: SessionSummary): number => {
    const known = sizes.get(info.id) ?? folderBytes(dir);
    sizes.set(info.id, known);
    return known;
  };
  for (const session of expired(listSessions().sessions, settings, Date.now(), bytesOf)) {
    try {
      removeSession(session);
      say(`deleted the record of session ${session.info.id}: [journal] in config.toml keeps no more`);
    } catch (error) {
      say(`the record of session ${session.info.id} cannot be deleted (${(error as NodeJS.ErrnoException).code})`);
    }
  }
}
