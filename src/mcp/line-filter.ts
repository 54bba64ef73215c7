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

/** Of memory for lines that are not complete. */
export interface Budget {
  /** Takes nothing when the answer is no. */
  take(bytes: number): boolean;
  /** Gives back all of it. */
  release(): void;
}

export interface LineFilterOptions {
  /** What becomes of a line that was held until it was complete. */
  readonly rewrite: Rewrite;
  /** Whether a line is held; what is not held passes as it comes. Asked for each piece of a line. Absent: it is. */
  readonly holds?: () => boolean;
  /** A line that has passed without being held. */
  readonly passed?: (line: Buffer) => void;
  /** A line that was held does not go on, because it is longer than `most`, or `budget` has no room for it. */
  readonly tooLong?: () => void;
  readonly most?: number;
  readonly budget?: Budget;
}

/**
 * Of the line that is not complete. `held`: nothing of it has passed. `passing`: it passes, and is kept to be read. `unread`: it passes, and
 * is not kept. `skipped`: it does not pass.
 */
type Way = 'held' | 'passing' | 'unread' | 'skipped';

/** Where in `bytes` the line ends that `from` stands in, its end included; 0 if it does not. */
function lineEnd(bytes: Buffer, from: number, isEndedByCr: boolean): number {
  const lf = bytes.indexOf(LF, from);
  const cr = isEndedByCr ? bytes.indexOf(CR, from) : -1;
  return (cr < 0 || (lf >= 0 && lf < cr) ? lf : cr) + 1;
}

/** One message a line, ended by LF (stdio transport); a CR before it is not part of the message. */
export class LineFilter {
  readonly #options: LineFilterOptions;
  readonly #most: number;
  readonly #kept: HeldBytes = new HeldBytes();
  /** Undefined between lines. */
  #way: Way | undefined;

  constructor(options: LineFilterOptions) {
    this.#options = options;
    this.#most = options.most ?? DEFAULT_MOST;
  }

  push(bytes: Buffer): Buffer {
    const sent: Buffer[] = [];
    for (let from = 0; from < bytes.length; ) {
      const isHolding = this.#options.holds?.() ?? true;
      this.#begin(isHolding, sent);
      // Of a line that began before lines were held, whatever server reads it, no more passes than to the first end that any reader sees.
      const end = lineEnd(bytes, from, isHolding && this.#way !== 'held' && this.#way !== 'skipped');
      sent.push(this.#piece(bytes.subarray(from, end || bytes.length), end > 0));
      from = end || bytes.length;
    }
    return sent.length === 1 ? (sent[0] ?? NOTHING) : Buffer.concat(sent);
  }

  /** The stream is over; what has no end is a line all the same. */
  end(): Buffer {
    if (this.#way === undefined) return NOTHING;
    const sent: Buffer[] = [];
    this.#begin(this.#options.holds?.() ?? true, sent);
    sent.push(this.#piece(NOTHING, true));
    return Buffer.concat(sent);
  }

  /** What was held passes as soon as lines are not held any more. */
  #begin(isHolding: boolean, sent: Buffer[]): void {
    if (this.#way === undefined) this.#way = isHolding ? 'held' : 'passing';
    if (this.#way !== 'held' || isHolding) return;
    this.#way = 'passing';
    const kept = this.#kept.takeWith(NOTHING);
    sent.push(kept);
    this.#kept.push(kept);
  }

  /** @returns what goes on now. */
  #piece(piece: Buffer, isLast: boolean): Buffer {
    if (this.#way === 'held' || this.#way === 'passing') this.#keep(piece, isLast);
    const way = this.#way;
    const passes = way === 'passing' || way === 'unread' ? piece : NOTHING;
    if (!isLast) return passes;
    this.#way = undefined;
    if (way === 'unread' || way === 'skipped') return passes;
    this.#options.budget?.release();
    const line = this.#kept.takeWith(piece);
    return way === 'held' ? this.#rewritten(line) : this.#read(line, passes);
  }

  #keep(piece: Buffer, isLast: boolean): void {
    const isKept =
      this.#kept.length + piece.length - (isLast ? 1 : 0) <= this.#most &&
      (isLast || (this.#options.budget?.take(piece.length) ?? true));
    if (isKept) {
      if (!isLast) this.#kept.push(piece);
      return;
    }
    const wasHeld = this.#way === 'held';
    this.#way = wasHeld ? 'skipped' : 'unread';
    this.#kept.takeWith(NOTHING);
    this.#options.budget?.release();
    if (wasHeld) this.#options.tooLong?.();
  }

  #rewritten(line: Buffer): Buffer {
    const content = contentOf(line);
    if (isBlank(content)) return line;
    const rewritten = this.#options.rewrite(content);
    if (rewritten === undefined) return NOTHING;
    return rewritten === content ? line : Buffer.concat([rewritten, line.subarray(content.length)]);
  }

  #read(line: Buffer, passes: Buffer): Buffer {
    const content = contentOf(line);
    if (!isBlank(content)) this.#options.passed?.(content);
    return passes;
  }
}

function contentOf(line: Buffer): Buffer {
  const end = line.at(-1) === LF ? line.length - 1 : line.length;
  return line.subarray(0, end < line.length && line[end - 1] === CR ? end - 1 : end);
}

/** A reader skips blank lines, or ends at them: they say nothing. */
function isBlank(content: Buffer): boolean {
  return content.every((byte) => byte === SPACE || byte === TAB || byte === CR);
}
