// One change that was declared in; the host's entry as the agent left it, with the original kept, out. May be done again after a crash.
import fs from 'node:fs';
import type { Change, Entry, Stamp } from './change.ts';
import { copyInto, syncFile } from './copy-file.ts';
import { type HeldFolder, stampOf } from './held-folder.ts';
import { type BytePath, bytesOf } from './name.ts';
import type { Originals } from './originals.ts';
import { codeOf } from './record.ts';
import { haveSameContent, isSameStamp, type Located, lookSame } from './same.ts';

export interface Task {
  readonly change: Change;
  readonly number: number;
  /** The host's side. */
  readonly source: HeldFolder;
  /** The agent's side: where its entry is. Undefined for a removal. */
  readonly from: Located | undefined;
  readonly path: BytePath;
  readonly isForced: boolean;
  /** Unique to the review. */
  readonly temporary: BytePath;
  readonly originals: Originals;
  /** Told before each act that a crash may follow. */
  readonly step: (act: string) => void;
}

/** `conflict`: the host's entry is neither what it was nor what it is to become. `kept`: where a replaced one lies. */
export type Applied = { readonly state: 'done'; readonly kept?: string } | { readonly state: 'conflict' };

const CONFLICT: Applied = { state: 'conflict' };
const SET_ID = 0o6000;

/** The way there is gone, or was replaced by something else. */
const NO_WAY: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** As it is to become on the host: set-id bits are only what was there before. */
export function wanted({ before, after }: Change): Entry | undefined {
  if (after === undefined || after.kind === 'link') return after;
  const kept = before !== undefined && before.kind === after.kind ? before.mode & SET_ID : 0;
  return { ...after, mode: (after.mode & ~SET_ID) | (after.mode & kept) };
}

function isThere(task: Task, folder: HeldFolder, name: BytePath): boolean {
  const now = folder.entry(name);
  const goal = wanted(task.change);
  if (now === undefined || goal === undefined || now.kind !== goal.kind) return false;
  if (now.kind === 'folder') return true; // its mode comes last
  if (!lookSame(now, goal)) return false;
  return now.kind !== 'file' || (task.from !== undefined && haveSameContent({ folder, name }, task.from));
}

/** What was copied for a change, and is to be on the disk before anything is replaced. */
interface Kept {
  readonly file: string;
  /** It is somebody else's, and stays. */
  readonly isOthers: boolean;
}

function keep(task: Task, folder: HeldFolder, name: BytePath, stats: fs.BigIntStats): Kept | undefined {
  if (!stats.isFile() && !stats.isSymbolicLink()) return undefined;
  task.step('keep');
  const isOthers = task.change.isConflict || !isSameStamp(stampOf(stats), task.change.stamp);
  const { originals, path, number } = task;
  const file = isOthers ? originals.keepForGood(folder, name, path) : originals.keep(folder, name, number);
  return { file, isOthers };
}

function removeFolder(task: Task, folder: HeldFolder, name: BytePath): boolean {
  task.step('rmdir');
  try {
    fs.rmdirSync(folder.at(name));
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOTEMPTY') return false; // somebody put something in
    throw error;
  }
}

/** All that is needed is there, beside its place. `files` are to be on the disk before `commit`. */
export interface Prepared {
  readonly state: 'prepared';
  readonly files: readonly (Buffer | string)[];
  readonly commit: () => Applied;
}

/** Copying takes time, in which somebody may have saved the file. */
function isUntouched(folder: HeldFolder, name: BytePath, stamp: Stamp | undefined): boolean {
  const now = folder.look(name);
  return isSameStamp(now && stampOf(now), stamp);
}

function done(kept: Kept | undefined): Applied {
  return { state: 'done', ...(kept?.isOthers && { kept: kept.file }) };
}

function remove(task: Task, folder: HeldFolder, name: BytePath): Applied | Prepared {
  const stats = folder.look(name);
  if (stats === undefined) return { state: 'done' };
  const stamp = stampOf(stats);
  if (!isSameStamp(stamp, task.change.stamp) && !task.isForced) return CONFLICT;
  if (stats.isDirectory()) return removeFolder(task, folder, name) ? { state: 'done' } : CONFLICT;
  const kept = keep(task, folder, name, stats);
  const commit = (): Applied => {
    if (!isUntouched(folder, name, stamp)) return CONFLICT;
    task.step('unlink');
    fs.unlinkSync(folder.at(name));
    return done(kept);
  };
  return { state: 'prepared', files: kept === undefined ? [] : [kept.file], commit };
}

/** Beside the place it is for. Returns its name. */
function copy(task: Task, folder: HeldFolder, goal: Entry, old: fs.BigIntStats | undefined): Buffer {
  const place = folder.at(task.temporary);
  task.step('copy');
  if (goal.kind === 'link') {
    fs.symlinkSync(bytesOf(goal.target ?? ''), place);
    return place;
  }
  if (task.from === undefined) throw new Error('a file without content');
  const from = task.from.folder.openFile(task.from.name);
  try {
    const { atime, mtime } = fs.fstatSync(from);
    copyInto(from, place, (fd) => {
      if (old?.isFile()) keepOwner(fd, old);
      fs.fchmodSync(fd, goal.mode);
      fs.futimesSync(fd, atime, mtime);
    });
  } finally {
    fs.closeSync(from);
  }
  return place;
}

function keepOwner(fd: number, { uid, gid }: fs.BigIntStats): void {
  const own = fs.fstatSync(fd);
  if (own.uid === Number(uid) && own.gid === Number(gid)) return;
  try {
    fs.fchownSync(fd, Number(uid), Number(gid));
  } catch {
    // Of another user, in a folder of one's own: it becomes one's own, as with any editor.
  }
}

function makeFolder(task: Task, folder: HeldFolder, name: BytePath, old: fs.BigIntStats | undefined): Applied {
  const kept = old && keep(task, folder, name, old);
  if (old !== undefined) {
    if (kept !== undefined) syncFile(kept.file);
    task.originals.sync();
    task.step('unlink');
    fs.unlinkSync(folder.at(name));
  }
  task.step('mkdir');
  fs.mkdirSync(folder.at(name), { mode: 0o700 });
  return done(kept);
}

function put(task: Task, folder: HeldFolder, name: BytePath): Applied | Prepared {
  fs.rmSync(folder.at(task.temporary), { force: true }); // of an attempt that ended early
  const goal = wanted(task.change);
  const old = folder.look(name);
  if (goal === undefined || isThere(task, folder, name)) return { state: 'done' };
  const stamp = old && stampOf(old);
  if (!isSameStamp(stamp, task.change.stamp) && !task.isForced) return CONFLICT;
  if (goal.kind === 'folder') return makeFolder(task, folder, name, old);
  const place = copy(task, folder, goal, old);
  const kept = old && keep(task, folder, name, old);
  const commit = (): Applied => {
    if (!isUntouched(folder, name, stamp) || (old?.isDirectory() && !removeFolder(task, folder, name))) {
      fs.rmSync(place, { force: true });
      return CONFLICT;
    }
    task.step('rename');
    fs.renameSync(place, folder.at(name));
    return done(kept);
  };
  return { state: 'prepared', files: kept === undefined ? [place] : [place, kept.file], commit };
}

/** What it does can only be done, or undone, when all before it is done. */
export function standsAlone({ before, after }: Change): boolean {
  const kinds = [before?.kind, after?.kind];
  return before !== undefined && kinds.includes('folder') && kinds[0] !== kinds[1];
}

/**
 * @param folder what the entry is in, on the host; see `way`
 * @throws the system's error; what was there is there still
 */
export function begin(task: Task, { folder, name }: Located): Applied | Prepared {
  return task.change.after === undefined ? remove(task, folder, name) : put(task, folder, name);
}

/** The host's folder that a change is in, held; or what its absence means. */
export function way({ source, path, change }: Pick<Task, 'source' | 'path' | 'change'>): Located | Applied {
  try {
    return source.walk(path);
  } catch (error) {
    if (!NO_WAY.has(codeOf(error))) throw error;
    return change.after === undefined ? { state: 'done' } : CONFLICT;
  }
}

/** When all that is in it is there: a folder may be one that its owner cannot write. */
export function setFolderMode({ change, source, path, step }: Pick<Task, 'change' | 'source' | 'path' | 'step'>): void {
  const goal = wanted(change);
  const { folder, name } = source.walk(path);
  try {
    const stats = folder.look(name);
    if (goal?.kind !== 'folder' || !stats?.isDirectory()) return;
    // Set-group-id of a folder comes from the folder it is in, and stays.
    const mode = (goal.mode & 0o1777) | (Number(stats.mode) & SET_ID);
    if ((Number(stats.mode) & 0o7777) === mode) return;
    step('chmod');
    const held = folder.open(name);
    try {
      held.chmod(mode);
    } finally {
      held.close();
    }
  } finally {
    folder.close();
  }
}
