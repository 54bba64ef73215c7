// A byte stream enters in pieces of any size, heads and body parts leave in order; nothing is read before it is asked for.
import { Buffer } from 'node:buffer';
import type { BodyFraming, ContentSink } from './body.ts';
import { MAX_HEAD, ProtocolError } from './head.ts';

const HEAD_END = Buffer.from('\r\n\r\n');

export interface BodyPart {
  /** A view of the bytes received, framing included; may be empty. */
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/** Reads one direction of an HTTP/1.1 connection. The caller says when a head and when a body is due. */
export class MessageReader<Head> {
  readonly #parse: (text: string) => Head;
  readonly #tooLarge: number;
  #pending: Buffer | undefined;
  #searched = 0;

  /** @param tooLarge status of the error for a head above MAX_HEAD: 431 for a request, 502 for a response. */
  constructor(parse: (text: string) => Head, tooLarge: number) {
    this.#parse = parse;
    this.#tooLarge = tooLarge;
  }

  push(bytes: Buffer): void {
    this.#pending = this.#pending === undefined ? bytes : Buffer.concat([this.#pending, bytes]);
  }

  /** Bytes received and not yet read. */
  get buffered(): number {
    return this.#pending?.length ?? 0;
  }

  /** The next head, or undefined until it is complete. @throws ProtocolError */
  head(): Head | undefined {
    const pending = this.#pending;
    if (pending === undefined) return undefined;
    const end = pending.indexOf(HEAD_END, this.#searched);
    if (end > MAX_HEAD || (end < 0 && pending.length > MAX_HEAD)) {
      throw new ProtocolError('head too large', this.#tooLarge);
    }
    if (end < 0) {
      this.#searched = Math.max(0, pending.length - (HEAD_END.length - 1));
      return undefined;
    }
    this.#drop(end + HEAD_END.length);
    return this.#parse(pending.toString('latin1', 0, end));
  }

  /** What has arrived of the body, or undefined when that is nothing. `content` is given the same without framing. @throws ProtocolError */
  body(framing: BodyFraming, content?: ContentSink): BodyPart | undefined {
    const pending = this.#pending;
    if (pending === undefined) return undefined;
    const size = framing.feed(pending, 0, content);
    this.#drop(size);
    return { bytes: size === pending.length ? pending : pending.subarray(0, size), isLast: framing.isComplete };
  }

  /** Everything received and not yet read, for a connection that stops being HTTP. */
  rest(): Buffer | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  #drop(size: number): void {
    const pending = this.#pending;
    this.#searched = 0;
    this.#pending = pending === undefined || size >= pending.length ? undefined : pending.subarray(size);
  }
}
