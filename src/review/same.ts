// Two entries in, whether they are the same to whoever reads them out.
import fs from 'node:fs';
import type { Entry, Stamp } from './change.ts';
import type { HeldFolder } from './held-folder.ts';
import type { BytePath } from './name.ts';

const CHUNK = 1 << 20;

export interface Located {
  readonly folder: HeldFolder;
  readonly name: BytePath;
}

function fill(fd: number, buffer: Buffer): number {
  let filled = 0;
  while (filled < buffer.length) {
    const n = fs.readSync(fd, buffer, filled, buffer.length - filled, null);
    if (n === 0) break;
    filled += n;
  }
  return filled;
}

function isSameContent(a: number, b: number): boolean {
  const left = Buffer.allocUnsafe(CHUNK);
  const right = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const n = fill(a, left);
    if (fill(b, right) !== n || left.compare(right, 0, n, 0, n) !== 0) return false;
    if (n < CHUNK) return true;
  }
}

/** Byte for byte; both are regular files. */
export function haveSameContent(a: Located, b: Located): boolean {
  const left = a.folder.openFile(a.name);
  try {
    const right = b.folder.openFile(b.name);
    try {
      return fs.fstatSync(left).size === fs.fstatSync(right).size && isSameContent(left, right);
    } finally {
      fs.closeSync(right);
    }
  } finally {
    fs.closeSync(left);
  }
}

/** Kind, mode, target of a link. Content is another question. */
export function lookSame(a: Entry, b: Entry): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'link') return a.target === b.target;
  return a.mode === b.mode && (a.kind !== 'file' || a.size === b.size);
}

/** Whether nobody touched it in between. Of a folder, that it is one: its own times tell of what is in it. */
export function isSameStamp(a: Stamp | undefined, b: Stamp | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind === 'folder' || b.kind === 'folder') return a.kind === b.kind;
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtime === b.mtime && a.ctime === b.ctime;
}
