// A folder that is held by descriptor in, its entries by their names out: no link on the way is ever followed.
import fs from 'node:fs';
import { LeashError } from '../host/errors.ts';
import type { Entry, EntryKind, Stamp } from './change.ts';
import { type BytePath, bytesOf, fromBytes, textOf } from './name.ts';

const FOLDER = fs.constants.O_RDONLY | fs.constants.O_DIRECTORY | fs.constants.O_NOFOLLOW;

function kindOf(stats: fs.BigIntStats): EntryKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'special';
}

/** A whiteout of overlayfs: the entry was removed. */
export function isWhiteout(stats: fs.BigIntStats): boolean {
  return stats.isCharacterDevice() && stats.rdev === 0n;
}

export function stampOf(stats: fs.BigIntStats): Stamp {
  return {
    kind: kindOf(stats),
    dev: String(stats.dev),
    ino: String(stats.ino),
    size: String(stats.size),
    mtime: String(stats.mtimeNs),
    ctime: String(stats.ctimeNs),
  };
}

/**
 * Node has no openat(2). `/proc/self/fd/N/name` is the same: the kernel goes to the folder that descriptor N holds, wherever it is called
 * now, and looks one name up in it.
 */
export class HeldFolder {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Trusts the path that leads there, not its last name. */
  static open(folder: string): HeldFolder {
    return new HeldFolder(fs.openSync(folder, FOLDER));
  }

  /** For system calls that do not follow a last link, or where there is none. */
  at(name: BytePath): Buffer {
    if (name === '' || name === '.' || name === '..' || name.includes('/'))
      throw new Error(`not the name of an entry: ${textOf(name)}`);
    return Buffer.concat([Buffer.from(`/proc/self/fd/${this.#fd}/`), bytesOf(name)]);
  }

  names(): BytePath[] {
    return fs.readdirSync(`/proc/self/fd/${this.#fd}`, { encoding: 'buffer' }).map(fromBytes).sort();
  }

  look(name: BytePath): fs.BigIntStats | undefined {
    return fs.lstatSync(this.at(name), { bigint: true, throwIfNoEntry: false });
  }

  entry(name: BytePath, stats: fs.BigIntStats | undefined = this.look(name)): Entry | undefined {
    if (stats === undefined) return undefined;
    const kind = kindOf(stats);
    const target = kind === 'link' ? fs.readlinkSync(this.at(name), { encoding: 'buffer' }) : undefined;
    return {
      kind,
      mode: Number(stats.mode) & 0o7777,
      size: Number(stats.size),
      ...(target !== undefined && { target: fromBytes(target) }),
    };
  }

  /** @throws the system's error: ENOTDIR, ELOOP for a link */
  open(name: BytePath): HeldFolder {
    return new HeldFolder(fs.openSync(this.at(name), FOLDER));
  }

  /** A regular file, for reading. */
  openFile(name: BytePath): number {
    // Without O_NONBLOCK a FIFO put there would hold the caller for ever.
    const fd = fs.openSync(this.at(name), fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
    if (fs.fstatSync(fd).isFile()) return fd;
    fs.closeSync(fd);
    throw new LeashError('LEASH_REVIEW', `${textOf(name)} is no regular file any more`);
  }

  /** Waits until the names in it are on the disk. */
  sync(): void {
    fs.fsyncSync(this.#fd);
  }

  chmod(mode: number): void {
    fs.fchmodSync(this.#fd, mode);
    fs.fsyncSync(this.#fd);
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  /** The folder that a path leads to, and the last name of it; the caller closes the folder. */
  walk(path: BytePath): { readonly folder: HeldFolder; readonly name: BytePath } {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let folder = new HeldFolder(
      fs.openSync(`/proc/self/fd/${this.#fd}`, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY),
    );
    for (const part of parts) {
      try {
        const next = folder.open(part);
        folder.close();
        folder = next;
      } catch (error) {
        folder.close();
        throw error;
      }
    }
    return { folder, name };
  }
}
