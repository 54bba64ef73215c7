// The client's bytes enter through its reader, the parts of one request body leave: read ahead for the policy if need be, then sent.
import { Buffer } from 'node:buffer';
import type { Allowance } from '../exchange/allowance.ts';
import type { BodyFilter } from '../exchange/passage.ts';
import type { BodyFraming } from './body.ts';
import { EditedBody } from './edited-body.ts';
import type { RequestHead } from './head.ts';
import type { BodyPart, MessageReader } from './reader.ts';

interface HeldPart extends BodyPart {
  readonly contents: readonly Buffer[];
}

/** Bytes by which a broker tells what a body is. */
const ENOUGH = 16;
const EMPTY: BodyPart = { bytes: Buffer.alloc(0), isLast: true };

export class RequestBody {
  readonly #reader: MessageReader<RequestHead>;
  readonly #framing: BodyFraming;
  readonly #allowance: Allowance;
  #held: HeldPart[] = [];
  #heldSize = 0;
  #edited: EditedBody | undefined;

  /** @param allowance what all bodies that are read ahead may hold */
  constructor(reader: MessageReader<RequestHead>, framing: BodyFraming, allowance: Allowance) {
    this.#reader = reader;
    this.#framing = framing;
    this.#allowance = allowance;
  }

  /** Nothing is left to send. */
  get isComplete(): boolean {
    return this.#framing.isComplete && this.#held.length === 0;
  }

  /**
   * Reads ahead; what was read is kept for `next`.
   * @param limit most bytes to read, given the first of the content; 0: what follows is not wanted
   * @returns the whole content; null when it is longer; undefined until either is known. @throws ProtocolError
   */
  readAhead(limit: (start: Buffer | undefined) => number): Buffer | null | 'unwanted' | undefined {
    for (;;) {
      const most = limit(this.#start());
      if (most === 0) return 'unwanted';
      if (this.#heldSize > most) return null;
      if (this.#framing.isComplete) return Buffer.concat(this.#held.flatMap(({ contents }) => contents));
      const contents: Buffer[] = [];
      const part = this.#reader.body(this.#framing, (content) => contents.push(content));
      if (part === undefined) return undefined;
      this.#held.push({ ...part, contents });
      // With framing: chunks of one byte are no way around the limit.
      this.#heldSize += part.bytes.length;
      if (!this.#allowance.take(part.bytes.length)) return null;
    }
  }

  /** The first bytes of the content, a few or many; undefined before there are any. */
  #start(): Buffer | undefined {
    let start: Buffer | undefined;
    for (const { contents } of this.#held)
      for (const content of contents) {
        start = start === undefined ? content : Buffer.concat([start, content]);
        if (start.length >= ENOUGH) return start;
      }
    return start;
  }

  /** Nothing of what is held will be sent. */
  release(): void {
    for (const { bytes } of this.#held) this.#allowance.release(bytes.length);
    this.#held = [];
  }

  /** Every part is seen, and perhaps changed, by a filter from now on. @param announced Content-Length. @returns whether it is to be sent in chunks. */
  edit(filter: BodyFilter, announced: number | undefined): boolean {
    const length = filter.keepsLength ? announced : undefined;
    this.#edited = new EditedBody(filter, length === undefined, length);
    return filter.changes && length === undefined;
  }

  /** The next part to send, or undefined until more arrives. @throws ProtocolError */
  next(): BodyPart | undefined {
    const edited = this.#edited;
    const held = this.#held.shift();
    if (held !== undefined) {
      this.#allowance.release(held.bytes.length);
      if (edited === undefined) return held;
      held.contents.forEach(edited.take);
      return { bytes: edited.bytes(held.bytes, held.isLast), isLast: held.isLast };
    }
    if (edited === undefined) return this.#reader.body(this.#framing);
    const part = this.#reader.body(this.#framing, edited.take);
    return part && { bytes: edited.bytes(part.bytes, part.isLast), isLast: part.isLast };
  }

  /** The next part of a body that nobody wants. @throws ProtocolError */
  discard(): BodyPart | undefined {
    this.release();
    return this.#framing.isComplete ? EMPTY : this.#reader.body(this.#framing);
  }
}
