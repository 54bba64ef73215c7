// The bytes of one segment in, its lines with their places out. No I/O.
import { MAX_LINE_BYTES } from '../chain.ts';

const NEWLINE = 0x0a;

export interface RawLine {
  /** Without its newline. Of a line that is too long, the beginning. */
  readonly bytes: Buffer;
  /** From 1. */
  readonly line: number;
  /** Of the first byte in the segment. */
  readonly offset: number;
  readonly isTooLong: boolean;
}

/** Keeps at most one line of bounded length, whatever a segment holds. */
export class SegmentLines {
  #line = 1;
  #offset = 0;
  /** Bytes of the line that is being read, also those that are not kept. */
  #length = 0;
  #kept: Buffer[] = [];
  #keptBytes = 0;

  /** Where the next line begins, or the one without an end. */
  get end(): { readonly line: number; readonly offset: number } {
    return { line: this.#line, offset: this.#offset };
  }

  /** Bytes after the last newline. */
  get unfinished(): number {
    return this.#length;
  }

  *push(chunk: Buffer): Generator<RawLine, void, undefined> {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, end));
      yield this.take();
      this.#offset += 1;
      from = end + 1;
    }
    // A copy: the caller may use the chunk's memory again.
    this.#keep(Buffer.from(chunk.subarray(from)));
  }

  /** What has come of the current line, as a line; the next begins after it. */
  take(): RawLine {
    const bytes = this.#kept.length === 1 ? (this.#kept[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#kept);
    const taken = { bytes, line: this.#line, offset: this.#offset, isTooLong: this.#length > MAX_LINE_BYTES };
    this.#line += 1;
    this.#offset += this.#length;
    this.#length = 0;
    this.#kept = [];
    this.#keptBytes = 0;
    return taken;
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    const room = MAX_LINE_BYTES + 1 - this.#keptBytes;
    if (part.length === 0 || room <= 0) return;
    this.#kept.push(part.subarray(0, room));
    this.#keptBytes += Math.min(part.length, room);
  }
}
