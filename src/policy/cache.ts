// Compiled policies kept between sessions: one file per key, trusted only when it is ours alone and whole.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { imageFault } from './compile/image.ts';
import type { Compiled } from './policy-set.ts';

/** Older entries are dropped beyond this number. */
const MAX_ENTRIES = 64;
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

interface Entry extends Omit<Compiled, 'image'> {
  readonly key: string;
  /** Base64. */
  readonly image: string;
}

/** First line: SHA-256 of the rest. It finds damage; against other accounts stand owner and mode. */
function decode(content: string, key: string): Compiled | undefined {
  const body = content.slice(DIGEST_LENGTH + 1);
  if (sha256(body) !== content.slice(0, DIGEST_LENGTH)) return undefined;
  const { key: stored, image: base64, ...rest } = JSON.parse(body) as Entry;
  const image = new Uint8Array(Buffer.from(base64, 'base64'));
  return stored === key && imageFault(image) === undefined ? { ...rest, image } : undefined;
}

function entryPath(cacheDir: string, key: string): string {
  return path.join(cacheDir, 'policy', key);
}

/** Undefined for anything but a sound entry of ours that is still true on `today` (`YYYY-MM-DD`, UTC). */
export function readCache(cacheDir: string, key: string, today: string): Compiled | undefined {
  try {
    const content = readOwnFile(entryPath(cacheDir, key));
    const compiled = content === undefined ? undefined : decode(content, key);
    const isStale = compiled?.staleFrom !== undefined && today >= compiled.staleFrom;
    return isStale ? undefined : compiled;
  } catch {
    // Missing, unreadable or not JSON: all the same, it is compiled again.
    return undefined;
  }
}

function dropOldest(directory: string): void {
  const files = fs.readdirSync(directory).map((name) => path.join(directory, name));
  if (files.length <= MAX_ENTRIES) return;
  const byAge = files
    .map((file) => ({ file, time: fs.lstatSync(file).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { file } of byAge.slice(MAX_ENTRIES)) fs.rmSync(file, { force: true });
}

/** Writes beside and renames, so that a reader sees a whole entry or none. A cache that cannot be written is no error. */
export function writeCache(cacheDir: string, key: string, compiled: Compiled): void {
  const file = entryPath(cacheDir, key);
  const temporary = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const body = JSON.stringify({ ...compiled, key, image: Buffer.from(compiled.image).toString('base64') } satisfies Entry);
    fs.writeFileSync(temporary, `${sha256(body)}\n${body}`, { mode: 0o600, flag: 'wx' });
    fs.renameSync(temporary, file);
    dropOldest(path.dirname(file));
  } catch {
    fs.rmSync(temporary, { force: true });
  }
}
