// Whole lines in, bytes at the end of the newest segment out; a write that fails leaves no part of a line behind.
import { closeSync, fdatasync, fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { createSegment, SEGMENT_BYTES } from './segment.ts';

const synchronise = promisify(fdatasync);

/** Owns the descriptor of the segment being written. Methods throw the system's error (ENOSPC, EIO …). */
export class SegmentWriter {
  readonly #dir: string;
  readonly #limit: number;
  #number = 1;
  #size = 0;
  #fd: number;
  /** Full segments on their way to the disk; never rejects. */
  #settling: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  constructor(dir: string, limit: number = SEGMENT_BYTES) {
    this.#dir = dir;
    this.#limit = limit;
    this.#fd = createSegment(dir, 1);
  }

  /** Appends `bytes`, one or more whole lines. A segment grows past its limit by at most one call. */
  write(bytes: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#size >= this.#limit) this.#rotate();
    let done = 0;
    try {
      while (done < bytes.length) done += writeSync(this.#fd, bytes, done);
    } catch (error) {
      // A full disk takes the first part of a write; without it the journal before this write stays valid.
      if (done > 0) ftruncateSync(this.#fd, this.#size);
      throw error;
    }
    this.#size += done;
    // What has no name any more nobody will ever read.
    if (fstatSync(this.#fd).nlink === 0) throw Object.assign(new Error('the segment was removed'), { code: 'ENOENT' });
  }

  /** Resolves when everything written is on the disk. */
  async sync(): Promise<void> {
    const fd = this.#fd;
    try {
      await synchronise(fd);
    } catch (error) {
      // A rotation in between has taken the segment over.
      if (fd === this.#fd) throw error;
    }
    await this.#settling;
    if (this.#failure !== undefined) throw this.#failure;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** A full segment takes up to half a second to reach the disk; nobody waits for that but `sync`. */
  #rotate(): void {
    const full = this.#fd;
    this.#fd = createSegment(this.#dir, this.#number + 1);
    this.#number += 1;
    this.#size = 0;
    const settled = synchronise(full)
      .catch((error: Error) => {
        this.#failure ??= error;
      })
      .finally(() => closeSync(full));
    this.#settling = Promise.all([this.#settling, settled]).then(() => undefined);
  }
}
