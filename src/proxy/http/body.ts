// Where a message body ends: bytes enter, how many of them belong to the body leaves; the bytes themselves are never changed.
import type { Buffer } from 'node:buffer';
import { ProtocolError, parseField, type RequestHead, type ResponseHead } from './head.ts';

/** Is given the content of a body, without its framing, piece by piece. */
export type ContentSink = (content: Buffer) => void;

export interface BodyFraming {
  /** Takes the bytes from `offset` on. @returns how many of them belong to this body. @throws ProtocolError */
  feed(bytes: Buffer, offset: number, content?: ContentSink): number;
  /** Whether the body is complete. A body that ends with the connection never is. */
  readonly isComplete: boolean;
  readonly endsWithConnection: boolean;
}

export class LengthFraming implements BodyFraming {
  readonly endsWithConnection = false;
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get isComplete(): boolean {
    return this.#left === 0;
  }

  feed(bytes: Buffer, offset: number, content?: ContentSink): number {
    const taken = Math.min(this.#left, bytes.length - offset);
    this.#left -= taken;
    if (taken > 0) content?.(bytes.subarray(offset, offset + taken));
    return taken;
  }
}

export class ConnectionFraming implements BodyFraming {
  readonly endsWithConnection = true;
  readonly isComplete = false;

  feed(bytes: Buffer, offset: number, content?: ContentSink): number {
    if (offset < bytes.length) content?.(bytes.subarray(offset));
    return bytes.length - offset;
  }
}

const MAX_CHUNK_LINE = 8192;
const MAX_TRAILERS = 32_768;
/** Size, then extensions after a semicolon; white space is permitted before extensions only (RFC 9112, section 7.1.1). */
const CHUNK_SIZE = /^([0-9A-Fa-f]{1,12})(?:[ \t]*;[^\0\r\n]*)?$/;
const CR = 13;
const LF = 10;

/** RFC 9112, section 7.1, without its leniencies: every line ends in CRLF. */
export class ChunkedFraming implements BodyFraming {
  readonly endsWithConnection = false;
  #state: 'size' | 'data' | 'data-cr' | 'data-lf' | 'trailer' | 'complete' = 'size';
  #line = '';
  #left = 0;
  #trailers = 0;

  get isComplete(): boolean {
    return this.#state === 'complete';
  }

  feed(bytes: Buffer, offset: number, content?: ContentSink): number {
    let at = offset;
    while (at < bytes.length && this.#state !== 'complete') at = this.#step(bytes, at, content);
    return at - offset;
  }

  #step(bytes: Buffer, at: number, content: ContentSink | undefined): number {
    switch (this.#state) {
      case 'data': {
        const taken = Math.min(this.#left, bytes.length - at);
        this.#left -= taken;
        content?.(bytes.subarray(at, at + taken));
        if (this.#left === 0) this.#state = 'data-cr';
        return at + taken;
      }
      case 'data-cr':
      case 'data-lf':
        if (bytes[at] !== (this.#state === 'data-cr' ? CR : LF)) throw new ProtocolError('chunk longer than its size');
        this.#state = this.#state === 'data-cr' ? 'data-lf' : 'size';
        return at + 1;
      default:
        return this.#lineStep(bytes, at);
    }
  }

  #lineStep(bytes: Buffer, at: number): number {
    const lineEnd = bytes.indexOf(LF, at);
    const next = lineEnd < 0 ? bytes.length : lineEnd + 1;
    this.#line += bytes.toString('latin1', at, next);
    if (this.#line.length > MAX_CHUNK_LINE) throw new ProtocolError('chunk line too long');
    if (lineEnd < 0) return next;
    const line = this.#line.slice(0, -2);
    if (!this.#line.endsWith('\r\n') || line.includes('\r')) throw new ProtocolError('bare line end in a chunked body');
    this.#line = '';
    if (this.#state === 'size') this.#size(line);
    else this.#trailer(line);
    return next;
  }

  #size(line: string): void {
    const digits = CHUNK_SIZE.exec(line)?.[1];
    if (digits === undefined) throw new ProtocolError('malformed chunk size');
    this.#left = Number.parseInt(digits, 16);
    this.#state = this.#left === 0 ? 'trailer' : 'data';
  }

  #trailer(line: string): void {
    if (line === '') {
      this.#state = 'complete';
      return;
    }
    parseField(line);
    this.#trailers += line.length;
    if (this.#trailers > MAX_TRAILERS) throw new ProtocolError('trailers too long');
  }
}

/** RFC 9112, section 6.3, for a request. */
export function requestFraming(head: RequestHead): BodyFraming {
  return head.isChunked ? new ChunkedFraming() : new LengthFraming(head.contentLength ?? 0);
}

/** RFC 9112, section 6.3, for the final response to a request with `method`. */
export function responseFraming(head: ResponseHead, method: string): BodyFraming {
  if (method === 'HEAD' || head.status === 204 || head.status === 304) return new LengthFraming(0);
  if (head.isChunked) return new ChunkedFraming();
  return head.contentLength === undefined ? new ConnectionFraming() : new LengthFraming(head.contentLength);
}
