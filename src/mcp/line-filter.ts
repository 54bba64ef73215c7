// Bytes of stdio enter in pieces of any size; the same lines leave, but for those that are replaced or taken out.
import { Buffer } from 'node:buffer';
import { HeldBytes } from './held-bytes.ts';
import type { Rewrite } from './received.ts';

const NOTHING: Buffer = Buffer.alloc(0);
const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const DEFAULT_MOST = 33_554_432;

/** One message a line, ended by LF (stdio transport); a CR before it is not part of the message. */
export class LineFilter {
  readonly #rewrite: Rewrite;
  readonly #most: number;
  readonly #held: HeldBytes = new HeldBytes();
  #fault: string | undefined;

  /** @param most bytes of a line; a longer one ends the stream. */
  constructor(rewrite: Rewrite, most: number = DEFAULT_MOST) {
    this.#rewrite = rewrite;
    this.#most = most;
  }

  /** Why nothing passes any more. */
  get fault(): string | undefined {
    return this.#fault;
  }

  push(bytes: Buffer): Buffer {
    const passed: Buffer[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LF); end >= 0 && this.#fits(end - from); end = bytes.indexOf(LF, from)) {
      passed.push(this.#line(this.#held.takeWith(bytes.subarray(from, end + 1))));
      from = end + 1;
    }
    const rest = bytes.subarray(from);
    if (this.#fits(rest.length)) this.#held.push(rest);
    return Buffer.concat(passed);
  }

  /** The stream is over; what has no end is a line all the same. */
  end(): Buffer {
    return this.#fault === undefined ? this.#line(this.#held.takeWith(NOTHING)) : NOTHING;
  }

  #fits(more: number): boolean {
    if (this.#held.length + more > this.#most) this.#fault ??= `a line is longer than ${this.#most} bytes`;
    return this.#fault === undefined;
  }

  #line(line: Buffer): Buffer {
    let end = line.length;
    if (line[end - 1] === LF) end -= line[end - 2] === CR ? 2 : 1;
    const content = line.subarray(0, end);
    // A reader skips blank lines, or ends at them: they say nothing.
    if (content.every((byte) => byte === SPACE || byte === TAB || byte === CR)) return line;
    const rewritten = this.#rewrite(content);
    if (rewritten === undefined) return NOTHING;
    return rewritten === content ? line : Buffer.concat([rewritten, line.subarray(end)]);
  }
}
