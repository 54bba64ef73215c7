// One change in, a unified diff for people to read out: names, modes, links, text. Runs nothing, and reads nothing of the workspace's settings.
import fs from 'node:fs';
import path from 'node:path';
import { structuredPatch } from 'diff';
import { wanted } from './apply.ts';
import type { Change, Entry } from './change.ts';
import { HeldFolder } from './held-folder.ts';
import { bytesOf, fromText, textOf } from './name.ts';
import { openSource, ownFolder, type Review } from './record.ts';

/** Bytes of either side beyond which nobody reads a diff. */
const MOST_BYTES = 1 << 20;
/** Where a comparison stops: the agent may choose two texts that take hours. */
const MOST_EDITS = 20_000;
const MOST_TIME = 3_000;

export interface ChangeDiff {
  /** What is said of the entry itself: names, kind, mode. May hold any character. */
  readonly header: readonly string[];
  /** Lines of hunks, each with its sign; empty where there is no text to compare. */
  readonly lines: readonly string[];
  readonly added: number;
  readonly removed: number;
  /** Why no text is compared, where there are bytes. */
  readonly hidden?: 'binary' | 'large' | 'too different';
}

interface Sides {
  readonly before: Buffer | undefined;
  readonly after: Buffer | undefined;
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

function kindText({ kind }: Entry): string {
  return kind === 'special' ? 'device, socket or FIFO' : kind;
}

function read(folder: HeldFolder, name: string, entry: Entry | undefined): Buffer | undefined {
  if (entry?.kind === 'link') return bytesOf(entry.target ?? '');
  if (entry?.kind !== 'file' || entry.size > MOST_BYTES) return undefined;
  const fd = folder.openFile(name);
  try {
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function sidesOf(review: Review, { root, path: at, before, after }: Change): Sides {
  const place = review.record.roots[root];
  if (place === undefined) return { before: undefined, after: undefined };
  const own = ownFolder(review, root);
  const side = (base: HeldFolder, inside: string, entry: Entry | undefined): Buffer | undefined => {
    if (entry === undefined) return undefined;
    const { folder, name } = base.walk(inside);
    try {
      return read(folder, name, entry);
    } finally {
      folder.close();
    }
  };
  const source = openSource(place);
  const upper = HeldFolder.open(place.isFolder ? path.join(own, 'upper') : own);
  try {
    return {
      before: side(source, place.isFolder ? at : fromText(path.basename(place.source)), before),
      after: side(upper, place.isFolder ? at : 'file', after),
    };
  } finally {
    source.close();
    upper.close();
  }
}

/** A person's name for a change: its path, or the place itself. */
export function nameOf(review: Pick<Review, 'record'>, { root, path: at }: Change): string {
  const place = review.record.roots[root]?.source ?? '';
  if (at === '') return textOf(fromText(place));
  return root === 0 ? textOf(at) : `${textOf(fromText(place))}/${textOf(at)}`;
}

function headerOf(name: string, change: Change): string[] {
  const { before } = change;
  const after = wanted(change);
  const lines = [`--- ${before === undefined ? '/dev/null' : name}`, `+++ ${after === undefined ? '/dev/null' : name}`];
  if (before === undefined && after !== undefined) lines.unshift(`new ${kindText(after)} ${octal(after.mode)}`);
  else if (after === undefined && before !== undefined)
    lines.unshift(`deleted ${kindText(before)} ${octal(before.mode)}`);
  else if (before !== undefined && after !== undefined) {
    if (before.kind !== after.kind) lines.unshift(`${kindText(before)} becomes ${kindText(after)}`);
    else if (before.mode !== after.mode && after.kind !== 'link')
      lines.unshift(`mode ${octal(before.mode)} becomes ${octal(after.mode)}`);
  }
  if (change.isConflict) lines.push('! the file on the host was changed since the session began');
  if (change.refused !== undefined) lines.push(`! ${change.refused}`);
  if (change.note !== undefined) lines.push(`! ${change.note}`);
  return [`leash diff ${name}`, ...lines];
}

function isText(bytes: Buffer): boolean {
  return !bytes.includes(0) && Buffer.from(bytes.toString('utf8')).equals(bytes);
}

function sizeText(entry: Entry | undefined): string {
  return entry === undefined ? 'nothing' : entry.kind === 'file' ? `${entry.size} bytes` : `a ${kindText(entry)}`;
}

function hunks(before: string, after: string): string[] | undefined {
  const options = { context: 3, maxEditLength: MOST_EDITS, timeout: MOST_TIME };
  const patch = structuredPatch('', '', before, after, '', '', options);
  return patch?.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
}

/** @throws the system's error when a side cannot be read */
export function diffOf(review: Review, change: Change): ChangeDiff {
  const header = headerOf(nameOf(review, change), change);
  const none = { header, lines: [], added: 0, removed: 0 };
  const readable = ({ kind }: Entry): boolean => kind === 'file' || kind === 'link';
  if (![change.before, change.after].some((entry) => entry !== undefined && readable(entry))) return none;
  const { before, after } = sidesOf(review, change);
  const unread = (entry: Entry | undefined, bytes: Buffer | undefined): ChangeDiff['hidden'] =>
    entry?.kind !== 'file' ? undefined : bytes === undefined ? 'large' : isText(bytes) ? undefined : 'binary';
  const hidden = unread(change.before, before) ?? unread(change.after, after);
  const lines = hidden === undefined ? hunks(before?.toString() ?? '', after?.toString() ?? '') : undefined;
  if (lines === undefined) {
    const sizes = `not shown: ${sizeText(change.before)} becomes ${sizeText(change.after)}`;
    return { ...none, header: [...header, sizes], hidden: hidden ?? 'too different' };
  }
  const count = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length;
  return { header, lines, added: count('+'), removed: count('-') };
}
