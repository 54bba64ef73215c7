// Whole lines in, bytes at the end of the newest segment out; a write that fails leaves no part of a line behind.
import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, writeSync } from 'node:fs';
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

  constructor(dir: string, limit: number = SEGMENT_BYTES) {
    this.#dir = dir;
    this.#limit = limit;
    this.#fd = createSegment(dir, 1);
  }

  /** Appends `bytes`, one or more whole lines. A segment grows past its limit by at most one call. */
  write(bytes: Uint8Array): void {
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
  }

  /** Resolves when everything written is on the disk. */
  async sync(): Promise<void> {
    const fd = this.#fd;
    try {
      await synchronise(fd);
    } catch (error) {
      // A rotation in between has synchronised and closed the segment.
      if (fd === this.#fd) throw error;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #rotate(): void {
    fdatasyncSync(this.#fd);
    const next = createSegment(this.#dir, this.#number + 1);
    closeSync(this.#fd);
    this.#fd = next;
    this.#number += 1;
    this.#size = 0;
  }
}
