// A review in; what the agent made different from what is on the host now, sorted by path, out. Changes nothing.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import type { Change, Entry } from './change.ts';
import { HeldFolder, isWhiteout, stampOf } from './held-folder.ts';
import { type BytePath, fromText, join } from './name.ts';
import { opaqueFolders } from './opaque.ts';
import { openSource, ownFolder, type Review } from './record.ts';
import { haveSameContent, lookSame } from './same.ts';
import { isSettled, readSettled } from './settled.ts';

const SET_ID = 0o6000;

/** What the agent made that no one should have: the reason, or undefined. */
function refusal(after: Entry | undefined): string | undefined {
  return after?.kind === 'special' ? 'a device, socket or FIFO is not taken over' : undefined;
}

/** Hooks and settings name programs that the user's own git runs. */
const OF_GIT = /(^|\/)\.git\/(.*\/)?(hooks\/[^/]+(?<!\.sample)|config(\.worktree)?)$/;

/** Set-id bits are only ever what the host had. */
function noteOf(at: BytePath, before: Entry | undefined, after: Entry | undefined): string | undefined {
  if (after === undefined) return undefined;
  if (after.kind === 'file' && (after.mode & SET_ID & ~(before?.kind === 'file' ? before.mode : 0)) !== 0)
    return 'its set-id bits are left out';
  return OF_GIT.test(at) ? 'your own git runs what it says, outside the sandbox' : undefined;
}

class Comparison {
  readonly changes: Change[] = [];
  readonly #root: number;
  readonly #began: bigint;
  readonly #opaque: ReadonlySet<BytePath>;

  constructor(root: number, began: bigint, opaque: ReadonlySet<BytePath>) {
    this.#root = root;
    this.#began = began;
    this.#opaque = opaque;
  }

  #add(at: BytePath, lower: fs.BigIntStats | undefined, before: Entry | undefined, after: Entry | undefined): void {
    const refused = refusal(after);
    const note = noteOf(at, before, after);
    // Times of a folder tell of what is in it, and that is compared by itself.
    const isConflict = lower !== undefined && !lower.isDirectory() && lower.ctimeNs >= this.#began;
    this.changes.push({
      root: this.#root,
      path: at,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      ...(lower !== undefined && { stamp: stampOf(lower) }),
      isConflict,
      ...(refused !== undefined && { refused }),
      ...(note !== undefined && { note }),
    });
  }

  /** The agent removed what the host has there, with all below it. */
  #removed(lower: HeldFolder, name: BytePath, at: BytePath, isKept = false): void {
    const stats = lower.look(name);
    if (stats === undefined) return;
    if (!isKept) this.#add(at, stats, lower.entry(name, stats), undefined);
    if (!stats.isDirectory()) return;
    const folder = lower.open(name);
    try {
      for (const child of folder.names()) this.#removed(folder, child, join(at, child));
    } finally {
      folder.close();
    }
  }

  compare(upper: HeldFolder, name: BytePath, lower: HeldFolder | undefined, at: BytePath): void {
    const now = upper.look(name);
    if (now === undefined) return;
    if (isWhiteout(now)) {
      if (lower !== undefined) this.#removed(lower, name, at);
      return;
    }
    const old = lower?.look(name);
    const after = upper.entry(name, now);
    const before = lower?.entry(name, old);
    if (after === undefined) return;
    const isSame =
      before !== undefined &&
      lookSame(before, after) &&
      (after.kind !== 'file' || haveSameContent({ folder: upper, name }, { folder: lower as HeldFolder, name }));
    if (!isSame) this.#add(at, old, before, after);
    if (after.kind === 'folder') this.#below(upper, name, before?.kind === 'folder' ? lower : undefined, at);
    else if (before?.kind === 'folder' && lower !== undefined) this.#removed(lower, name, at, true);
  }

  #below(upper: HeldFolder, name: BytePath, lower: HeldFolder | undefined, at: BytePath): void {
    allowReading(upper, name);
    const above = upper.open(name);
    const beneath = lower?.open(name);
    try {
      this.folder(above, beneath, at);
    } finally {
      above.close();
      beneath?.close();
    }
  }

  folder(upper: HeldFolder, lower: HeldFolder | undefined, at: BytePath): void {
    const names = upper.names();
    for (const name of names) this.compare(upper, name, lower, join(at, name));
    if (lower === undefined || !this.#opaque.has(at)) return;
    const there = new Set(names);
    for (const name of lower.names()) if (!there.has(name)) this.#removed(lower, name, join(at, name));
  }
}

/** The agent may have taken the right to look from itself, and so from the user, whose files they are. */
function allowReading(folder: HeldFolder, name: BytePath): void {
  const stats = folder.look(name);
  const needed = stats?.isDirectory() ? 0o500n : 0o400n;
  if (stats === undefined || (stats.mode & needed) === needed || stats.isSymbolicLink()) return;
  fs.chmodSync(folder.at(name), Number((stats.mode & 0o7777n) | needed));
}

function makeReadable(folder: HeldFolder): void {
  for (const name of folder.names()) {
    const stats = folder.look(name);
    if (stats === undefined || isWhiteout(stats)) continue;
    if (stats.isFile() || stats.isDirectory()) allowReading(folder, name);
    if (!stats.isDirectory()) continue;
    const below = folder.open(name);
    try {
      makeReadable(below);
    } finally {
      below.close();
    }
  }
}

function changesOfRoot(review: Review, root: number, env: NodeJS.ProcessEnv): readonly Change[] {
  const place = review.record.roots[root];
  if (place === undefined) return [];
  const own = ownFolder(review, root);
  const began = BigInt(review.record.began);
  const source = openSource(place);
  const upper = HeldFolder.open(place.isFolder ? path.join(own, 'upper') : own);
  try {
    if (place.isFolder) {
      makeReadable(upper);
      const comparison = new Comparison(root, began, opaqueFolders(path.join(own, 'upper'), env));
      comparison.folder(upper, source, '');
      const ownFiles = new Set((place.ownFiles ?? []).map(fromText));
      return comparison.changes.filter(({ path: at }) => !ownFiles.has(firstOf(at)));
    }
    return fileChange(upper, source, root, began, fromText(path.basename(place.source)));
  } finally {
    upper.close();
    source.close();
  }
}

function firstOf(at: BytePath): BytePath {
  return at.split('/', 1)[0] ?? '';
}

/** Of a single file its copy: it can have been changed, but not removed, since a mount stands there. */
function fileChange(own: HeldFolder, source: HeldFolder, root: number, began: bigint, name: BytePath): Change[] {
  allowReading(own, 'file');
  const after = own.entry('file');
  const stats = source.look(name);
  const before = source.entry(name, stats);
  if (after === undefined) return [];
  const isSame =
    before !== undefined &&
    lookSame(before, after) &&
    haveSameContent({ folder: own, name: 'file' }, { folder: source, name });
  if (isSame) return [];
  const isConflict = stats !== undefined && stats.ctimeNs >= began;
  const note = noteOf('', before, after);
  const was = { ...(before !== undefined && { before }), ...(stats !== undefined && { stamp: stampOf(stats) }) };
  return [{ root, path: '', ...was, after, isConflict, ...(note !== undefined && { note }) }];
}

function readable<Result>(review: Review, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof LeashError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LeashError('LEASH_REVIEW', `the changes in ${review.dir} cannot be compared: ${why}`, { cause });
  }
}

/**
 * What waits for a person's word. The session must be over: nobody changes the layers meanwhile.
 * @throws {LeashError} LEASH_REVIEW
 */
export function pendingChanges(review: Review, env: NodeJS.ProcessEnv = process.env): readonly Change[] {
  const settled = readSettled(review);
  const all = review.record.roots.flatMap((_place, root) => readable(review, () => changesOfRoot(review, root, env)));
  return all
    .filter((change) => !isSettled(settled, change))
    .sort((a, b) => a.root - b.root || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
