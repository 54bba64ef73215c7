// What a change takes the place of in, a copy of it that survives a crash out.
import fs from 'node:fs';
import path from 'node:path';
import { copyInto } from './copy-file.ts';
import { syncFolder } from './durable.ts';
import type { HeldFolder } from './held-folder.ts';
import { type BytePath, textOf } from './name.ts';
import type { Review } from './record.ts';

const MOST_NAME = 120;

function make(folder: string): void {
  if (fs.existsSync(folder)) return;
  fs.mkdirSync(folder, { mode: 0o700 });
  syncFolder(path.dirname(folder));
}

function free(folder: string, name: string): string {
  for (let number = 1; ; number++) {
    const file = path.join(folder, number === 1 ? name : `${name}.${number}`);
    if (!fs.lstatSync(file, { throwIfNoEntry: false })) return file;
  }
}

export class Originals {
  readonly #dir: string;

  constructor({ dir }: Pick<Review, 'dir'>) {
    this.#dir = dir;
  }

  get #passing(): string {
    return path.join(this.#dir, 'originals');
  }

  get #lasting(): string {
    return path.join(this.#dir, 'replaced');
  }

  /** Until everything is done. Returns where; not yet on the disk. */
  keep(folder: HeldFolder, name: BytePath, number: number): string {
    make(this.#passing);
    const file = path.join(this.#passing, String(number));
    // Of an attempt that ended before anything was replaced.
    fs.rmSync(file, { force: true });
    this.#copy(folder, name, file);
    return file;
  }

  /** For good: somebody else's bytes that a person chose to replace. Returns where; not yet on the disk. */
  keepForGood(folder: HeldFolder, name: BytePath, at: BytePath): string {
    make(this.#lasting);
    const file = free(
      this.#lasting,
      textOf(at || name)
        .replaceAll('/', '%')
        .slice(-MOST_NAME),
    );
    this.#copy(folder, name, file);
    return file;
  }

  #copy(folder: HeldFolder, name: BytePath, file: string): void {
    if (folder.look(name)?.isSymbolicLink()) {
      fs.symlinkSync(fs.readlinkSync(folder.at(name), { encoding: 'buffer' }), file);
    } else {
      const fd = folder.openFile(name);
      try {
        copyInto(fd, file);
      } finally {
        fs.closeSync(fd);
      }
    }
  }

  /** Returns when the names of all copies are on the disk. */
  sync(): void {
    for (const folder of [this.#passing, this.#lasting]) if (fs.existsSync(folder)) syncFolder(folder);
  }

  forget(): void {
    fs.rmSync(this.#passing, { recursive: true, force: true });
  }

  get hasLasting(): boolean {
    return fs.existsSync(this.#lasting);
  }
}
