// Places to be reviewed in, a folder that keeps their changes, and its record, out; later the record again.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { makeFolder } from '../host/make-folder.ts';
import { stateDir } from '../host/paths.ts';
import { syncFolder, writeDurably } from './durable.ts';
import { HeldFolder } from './held-folder.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface ReviewRoot {
  /** Absolute real path on the host. */
  readonly source: string;
  readonly isFolder: boolean;
  /** Names right in the folder that are the session's own, whatever becomes of them: never the host's to take over. */
  readonly ownFiles?: readonly string[];
}

export interface ReviewRecord {
  readonly v: 1;
  /** Of the session. */
  readonly id: string;
  /** The kernel's clock when the session began, in nanoseconds: what changed on the host from then on, somebody else changed. */
  readonly began: string;
  readonly roots: readonly ReviewRoot[];
}

export interface Review {
  /** The folder that keeps the changes. */
  readonly dir: string;
  readonly record: ReviewRecord;
}

const RECORD = 'review.json';

/** Beside the sessions' folders and not in them: who removes a session's journal does not remove work that nobody has looked at. */
/** One folder a session. */
export function changesDir(env: Env): string {
  return path.join(stateDir(env), 'changes');
}

/** Where the changes of one place are: `upper` and `work`, or `file`. */
export function ownFolder({ dir }: Pick<Review, 'dir'>, root: number): string {
  return path.join(dir, String(root));
}

/** The overlay shows mode and owner of its upper layer's root as those of the place. */
function makeLayers(own: string, source: string): void {
  const { mode, uid, gid } = fs.statSync(source);
  const upper = path.join(own, 'upper');
  for (const folder of [upper, path.join(own, 'work')]) fs.mkdirSync(folder, { mode: 0o700 });
  const current = fs.statSync(upper);
  if (uid !== current.uid || gid !== current.gid) {
    try {
      fs.chownSync(upper, uid, gid);
    } catch {
      // Of another: then it shows as the user's own, and what is in it keeps its owner.
    }
  }
  fs.chmodSync(upper, mode & 0o7777);
}

function writeOwnFiles(own: string, texts: Readonly<Record<string, string>>): string[] {
  for (const [name, text] of Object.entries(texts))
    fs.writeFileSync(path.join(own, 'upper', name), text, { flag: 'wx', mode: 0o600 });
  return Object.keys(texts);
}

function copyFile(own: string, source: string): void {
  const copy = path.join(own, 'file');
  fs.copyFileSync(source, copy, fs.constants.COPYFILE_EXCL);
  fs.chmodSync(copy, fs.statSync(source).mode & 0o777);
}

/**
 * @param texts of the own files of each place, by their names
 * @throws {LeashError} LEASH_REVIEW
 */
export function openReview(
  env: Env,
  id: string,
  places: readonly ReviewRoot[],
  texts: readonly Readonly<Record<string, string>>[] = [],
): Review {
  const dir = path.join(changesDir(env), id);
  try {
    makeFolder(changesDir(env));
    fs.mkdirSync(dir, { mode: 0o700 });
  } catch (cause) {
    throw notKept(dir, cause);
  }
  try {
    const roots = places.map(({ source, isFolder }, root) => {
      const own = path.join(dir, String(root));
      fs.mkdirSync(own, { mode: 0o700 });
      if (!isFolder) copyFile(own, source);
      else makeLayers(own, source);
      const ownFiles = isFolder ? writeOwnFiles(own, texts[root] ?? {}) : [];
      return { source, isFolder, ...(ownFiles.length > 0 && { ownFiles }) };
    });
    // Made last: what is older than it is as the agent finds it. Files are stamped by the same clock.
    const mark = path.join(dir, 'began');
    fs.writeFileSync(mark, '', { flag: 'wx', mode: 0o600 });
    const record = { v: 1 as const, id, began: String(fs.statSync(mark, { bigint: true }).ctimeNs), roots };
    writeDurably(path.join(dir, RECORD), JSON.stringify(record));
    syncFolder(changesDir(env));
    return { dir, record };
  } catch (cause) {
    // Nothing of an agent's is in it yet.
    fs.rmSync(dir, { recursive: true, force: true });
    throw notKept(dir, cause);
  }
}

function notKept(dir: string, cause: unknown): LeashError {
  return new LeashError('LEASH_REVIEW', `changes cannot be kept in ${dir} (${codeOf(cause)})`, { cause });
}

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

function isRecord(value: unknown): value is ReviewRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { v, id, began, roots } = value as Partial<Record<keyof ReviewRecord, unknown>>;
  return (
    v === 1 &&
    typeof id === 'string' &&
    typeof began === 'string' &&
    /^\d+$/.test(began) &&
    Array.isArray(roots) &&
    roots.every((root) => typeof root?.source === 'string' && typeof root.isFolder === 'boolean')
  );
}

/**
 * The review of a session; undefined when it had none, or all of it is settled.
 * @throws {LeashError} LEASH_REVIEW when its record cannot be read
 */
export function findReview(id: string, env: Env = process.env): Review | undefined {
  const dir = path.join(changesDir(env), id);
  let text: string;
  try {
    text = fs.readFileSync(path.join(dir, RECORD), 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new LeashError('LEASH_REVIEW', `${dir}/${RECORD} cannot be read (${codeOf(cause)})`, { cause });
  }
  try {
    const record: unknown = JSON.parse(text);
    if (isRecord(record) && record.id === id) return { dir, record };
  } catch {
    // Told below.
  }
  throw new LeashError('LEASH_REVIEW', `${dir}/${RECORD} is not the record of a review`);
}

/** Sessions that have a review, newest first. */
export function reviewedSessions(env: Env = process.env): readonly string[] {
  try {
    return fs.readdirSync(changesDir(env)).sort().reverse();
  } catch {
    return []; // none yet
  }
}

/** The host's side of one place: a folder, or the one that a file lies in. */
export function openSource({ source, isFolder }: ReviewRoot): HeldFolder {
  try {
    return HeldFolder.open(isFolder ? source : path.dirname(source));
  } catch (cause) {
    throw new LeashError('LEASH_REVIEW', `${source} cannot be opened (${codeOf(cause)})`, { cause });
  }
}
