// Bytes of one side of a WebSocket enter in pieces of any size; its frames leave as they came, or its messages whole, as they are rewritten.
import { Buffer, isUtf8 } from 'node:buffer';
import { HeldBytes } from '../../mcp/held-bytes.ts';
import type { Budget } from '../../mcp/line-filter.ts';
import {
  CLOSE,
  closeViolation,
  type FrameHeader,
  frameFault,
  isControl,
  masked,
  OPCODE,
  readFrameHeader,
  type Violation,
} from './frame.ts';
import type { FrameWriter } from './frame-writer.ts';

const NOTHING: Buffer = Buffer.alloc(0);
/** First bytes of a message by which its way is chosen. */
const ENOUGH = 16;
const DEFAULT_MOST = 33_554_432;

/** `held` until it is complete; `seen` as it passes; `unseen`; or `skipped`: it does not pass. */
type Way = 'held' | 'seen' | 'unseen' | 'skipped';

export interface MessageFilterOptions {
  readonly isFromClient: boolean;
  /** To the other side. */
  readonly writer: FrameWriter;
  /** @param start its first bytes, fewer than 16 only if it begins with a shorter frame */
  readonly wayOf: (start: Buffer) => Exclude<Way, 'skipped'>;
  /** What becomes of a message that was held. @returns undefined: nothing goes on */
  readonly rewrite: (content: Buffer, opcode: number) => Buffer | undefined;
  /** A message that has passed. */
  readonly seen: (content: Buffer) => void;
  /** One that was held does not go on, because it is longer than `most`, or `budget` has no room for it. */
  readonly tooLong: () => Violation | undefined;
  /** This side has said its last, which has passed. */
  readonly closed: () => void;
  readonly budget: Budget;
  readonly most?: number;
}

interface Passing {
  readonly opcode: number;
  way: Way;
  readonly content: HeldBytes;
}

/** `rest`: what has not passed. */
export interface Broken extends Violation {
  readonly rest: Buffer;
}

/** Strict as RFC 6455 has it, sections 5 to 7: the other side could take for a message what is none here. */
export class MessageFilter {
  readonly #options: MessageFilterOptions;
  readonly #most: number;
  /** Of a header, with the first bytes behind it, or of a control frame. */
  #begun: Buffer = NOTHING;
  /** A frame of a message, and how much of its content has come. */
  #frame: { readonly header: FrameHeader; at: number } | undefined;
  #message: Passing | undefined;
  #isClosed = false;

  constructor(options: MessageFilterOptions) {
    this.#options = options;
    this.#most = options.most ?? DEFAULT_MOST;
  }

  /** @returns why the connection cannot go on; nothing is to be pushed then. */
  push(bytes: Buffer): Broken | undefined {
    let rest = this.#begun.length === 0 ? bytes : Buffer.concat([this.#begun, bytes]);
    this.#begun = NOTHING;
    // Behind a close nothing is read (RFC 6455, section 5.5.1).
    while (rest.length > 0 && !this.#isClosed) {
      const used = this.#frame === undefined ? this.#begin(rest) : this.#content(rest, 0);
      if (typeof used !== 'number') return { ...used, rest };
      // A copy: the bytes are of a larger buffer, which would be kept with them.
      if (used === 0) this.#begun = Buffer.from(rest);
      rest = used === 0 ? NOTHING : rest.subarray(used);
    }
    return undefined;
  }

  /** @returns how many bytes were read; 0: more must come. */
  #begin(rest: Buffer): number | Violation {
    const header = readFrameHeader(rest);
    if (header === undefined) return 0;
    const { isFromClient, wayOf } = this.#options;
    const fault = frameFault(header, { isFromClient, isWithinMessage: this.#message !== undefined });
    if (fault !== undefined) return { code: CLOSE.protocol, fault };
    if (isControl(header)) return this.#control(header, rest);
    const { size, length, mask, opcode } = header;
    if (opcode !== OPCODE.continuation) {
      const end = size + Math.min(ENOUGH, length);
      if (rest.length < end) return 0;
      const way = wayOf(masked(rest.subarray(size, end), mask, 0));
      this.#message = { opcode, way, content: new HeldBytes() };
    }
    this.#frame = { header: { ...header, mask: mask && Buffer.from(mask) }, at: 0 };
    return this.#content(rest, size);
  }

  #control({ size, length, mask, opcode }: FrameHeader, rest: Buffer): number | Violation {
    const end = size + length;
    if (rest.length < end) return 0;
    const violation = opcode === OPCODE.close ? closeViolation(masked(rest.subarray(size, end), mask, 0)) : undefined;
    if (violation !== undefined) return violation;
    const { writer, closed } = this.#options;
    writer.control(rest.subarray(0, end));
    if (opcode === OPCODE.close) {
      this.#isClosed = true;
      writer.end();
      closed();
    }
    return end;
  }

  /** @param from where the content begins; before it stands its header, if that has not passed */
  #content(rest: Buffer, from: number): number | Violation {
    const [message, frame] = [this.#message, this.#frame];
    if (message === undefined || frame === undefined) return rest.length;
    const { isFinal, length, mask } = frame.header;
    const end = Math.min(rest.length, from + length - frame.at);
    const violation = this.#keep(message, rest.subarray(from, end), mask, frame.at);
    if (violation !== undefined) return violation;
    frame.at += end - from;
    const isFrameOver = frame.at === length;
    const isLast = isFrameOver && isFinal;
    if (isFrameOver) this.#frame = undefined;
    if (message.way === 'seen' || message.way === 'unseen')
      this.#options.writer.pass(rest.subarray(0, end), isLast ? 'nothing' : isFrameOver ? 'message' : 'frame');
    return (isLast ? this.#ended(message) : undefined) ?? end;
  }

  #keep(message: Passing, bytes: Buffer, mask: Buffer | undefined, offset: number): Violation | undefined {
    const { way, content } = message;
    if (way === 'unseen' || way === 'skipped') return undefined;
    const { budget, tooLong } = this.#options;
    if (content.length + bytes.length <= this.#most && budget.take(bytes.length)) {
      content.push(masked(bytes, mask, offset));
      return undefined;
    }
    message.way = way === 'held' ? 'skipped' : 'unseen';
    content.takeWith(NOTHING);
    budget.release();
    return way === 'held' ? tooLong() : undefined;
  }

  #ended({ way, content, opcode }: Passing): Violation | undefined {
    this.#message = undefined;
    if (way === 'unseen' || way === 'skipped') return undefined;
    const { budget, rewrite, seen, writer } = this.#options;
    budget.release();
    const whole = content.takeWith(NOTHING);
    if (way === 'seen') {
      seen(whole);
      return undefined;
    }
    if (opcode === OPCODE.text && !isUtf8(whole)) return { code: CLOSE.notUtf8, fault: 'a text is not UTF-8' };
    const passed = rewrite(whole, opcode);
    // In a frame of its own: how it was cut is nobody's concern, and nobody can read it otherwise than it was read here.
    if (passed !== undefined) writer.say(passed, opcode);
    return undefined;
  }
}
