// Results kept between sessions: one file per key, trusted only when it is ours alone and whole.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../host/make-folder.ts';

/** Older entries are dropped beyond this number. */
const MAX_ENTRIES = 128;
/** Bytes. The largest policy text compiles to far less. */
const MAX_ENTRY = 64 << 20;
const DIGEST_LENGTH = 64;

function sha256(data: string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Owned by us and writable by no one else. */
function isOurs(stat: fs.Stats): boolean {
  return stat.uid === process.geteuid?.() && (stat.mode & 0o022) === 0;
}

function readOwnFile(file: string): string | undefined {
  const directory = fs.lstatSync(path.dirname(file));
  if (!directory.isDirectory() || !isOurs(directory)) return undefined;
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  try {
    const stat = fs.fstatSync(descriptor);
    return stat.isFile() && isOurs(stat) && stat.size <= MAX_ENTRY ? fs.readFileSync(descriptor, 'utf8') : undefined;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** First line: SHA-256 of key and body. It finds damage and misplaced files; against other accounts stand owner and mode. */
function seal(key: string, body: string): string {
  return sha256(`${key}\n${body}`);
}

function entryPath(cacheDir: string, key: string): string {
  return path.join(cacheDir, 'policy', key);
}

/** The body stored under a key (hexadecimal); undefined for anything but a sound entry of ours. */
export function readCache(cacheDir: string, key: string): string | undefined {
  try {
    const content = readOwnFile(entryPath(cacheDir, key));
    const body = content?.slice(DIGEST_LENGTH + 1);
    return body !== undefined && content?.slice(0, DIGEST_LENGTH) === seal(key, body) ? body : undefined;
  } catch {
    // Missing or unreadable: all the same, it is made again.
    return undefined;
  }
}

function dropOldest(directory: string): void {
  const files = fs.readdirSync(directory).map((name) => path.join(directory, name));
  if (files.length <= MAX_ENTRIES) return;
  const byAge = files.map((file) => ({ file, time: fs.lstatSync(file).mtimeMs })).sort((a, b) => b.time - a.time);
  for (const { file } of byAge.slice(MAX_ENTRIES)) fs.rmSync(file, { force: true });
}

function discard(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // Where nothing can be written there is nothing to remove.
  }
}

/** Writes beside and renames, so that a reader sees a whole entry or none. A cache that cannot be written is no error. */
export function writeCache(cacheDir: string, key: string, body: string): void {
  const file = entryPath(cacheDir, key);
  const temporary = `${file}.${process.pid}`;
  try {
    makeFolder(path.dirname(file));
    fs.writeFileSync(temporary, `${seal(key, body)}\n${body}`, { mode: 0o600, flag: 'wx' });
    fs.renameSync(temporary, file);
    dropOldest(path.dirname(file));
  } catch {
    discard(temporary);
  }
}
