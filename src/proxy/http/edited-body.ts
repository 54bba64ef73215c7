// A body's parts and its filter enter, the bytes to send in their place leave: framed anew when the filter changes anything.
import { Buffer } from 'node:buffer';
import type { BodyFilter } from '../exchange/passage.ts';
import { ProtocolError } from './head.ts';

const NOTHING = Buffer.alloc(0);
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const LINE_END = Buffer.from('\r\n');

/** One chunk (RFC 9112, section 7.1). An empty one would end the body. */
function chunk(parts: readonly Buffer[]): readonly Buffer[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return length === 0 ? [] : [Buffer.from(`${length.toString(16)}\r\n`), ...parts, LINE_END];
}

/** Bytes from the server after an upgrade: no framing of HTTP is left. */
export function tunnelBytes(bytes: Buffer, filter: BodyFilter | undefined): Buffer {
  const passed = filter?.push(bytes);
  return passed !== undefined && filter?.changes === true ? passed : bytes;
}

/** Trailers of a changed body are not sent on, as an intermediary may do (RFC 9110, section 6.5.1). */
export class EditedBody {
  readonly #filter: BodyFilter;
  readonly #isChunked: boolean;
  readonly #length: number | undefined;
  #passed: Buffer[] = [];
  #sent = 0;
  #isOver = false;
  #failure: unknown;

  /**
   * @param isChunked false: the body ends with the connection, for HTTP/1.0, or has the length that was announced.
   * @param length the one that was announced, if it still holds
   * @param write sends what is said while nothing arrives
   */
  constructor(filter: BodyFilter, isChunked: boolean, length?: number, write?: (bytes: Buffer) => void) {
    this.#filter = filter;
    this.#isChunked = isChunked;
    this.#length = length;
    if (write !== undefined) filter.wakes?.(() => this.#woken(write));
  }

  /** What fails here fails with the next part: whoever wakes is not to blame. */
  #woken(write: (bytes: Buffer) => void): void {
    if (this.#isOver || this.#failure !== undefined) return;
    try {
      this.take(NOTHING);
      write(this.bytes(NOTHING, false));
    } catch (error) {
      this.#failure = error;
    }
  }

  /** Whether the length that was announced holds no more. */
  get changes(): boolean {
    return this.#filter.changes;
  }

  /** @throws ProtocolError when a filter did not keep the length: what follows could be read as another message. */
  #counted(content: Buffer, isLast: boolean): Buffer {
    this.#sent += content.length;
    const isWrong = this.#length !== undefined && (isLast ? this.#sent !== this.#length : this.#sent > this.#length);
    if (isWrong) throw new ProtocolError('the changed body has another length', 502);
    return content;
  }

  /** Takes content, without framing, as it arrives. */
  readonly take = (content: Buffer): void => {
    const passed = this.#filter.push(content);
    if (this.#filter.changes) this.#passed.push(passed);
  };

  /** @param raw the framed bytes of what was taken since the last call. @returns what to send in their place. */
  bytes(raw: Buffer, isLast: boolean): Buffer {
    if (this.#failure !== undefined) throw this.#failure;
    this.#isOver ||= isLast;
    const held = isLast ? this.#filter.end() : NOTHING;
    if (!this.#filter.changes) return raw;
    const parts = held.length === 0 ? this.#passed : [...this.#passed, held];
    this.#passed = [];
    if (!this.#isChunked)
      return this.#counted(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), isLast);
    return Buffer.concat([...chunk(parts), ...(isLast ? [LAST_CHUNK] : [])]);
  }
}
