// Bytes of a stream of events enter in pieces of any size, the data of each event leaves: server-sent events, or JSON lines.
import { Buffer } from 'node:buffer';

/** An event longer than this is skipped; those after it are read. */
const MAX_EVENT = 1_048_576;
const LF = 10;
const CR = 13;

/** Takes the text of one event. */
export type TakeEvent = (data: string) => void;

/** Splits at LF, CR and CRLF (WHATWG HTML, section 9.2.6). Keeps at most one line of at most MAX_EVENT bytes. */
class Lines {
  readonly #take: (line: string) => void;
  #held: Buffer[] = [];
  #size = 0;
  #isTooLong = false;
  #endsInCr = false;

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  push(bytes: Buffer): void {
    let from = this.#endsInCr && bytes[0] === LF ? 1 : 0;
    this.#endsInCr = bytes.at(-1) === CR;
    // No stream of a provider has any.
    const find = bytes.includes(CR) ? lineEnd : lineFeed;
    for (let end = find(bytes, from); end >= 0; end = find(bytes, from)) {
      this.#line(bytes, from, end);
      from = bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : end + 1;
    }
    if (from < bytes.length) this.#hold(bytes.subarray(from));
  }

  finish(): void {
    const line = this.#isTooLong ? undefined : Buffer.concat(this.#held).toString('utf8');
    this.#held = [];
    this.#size = 0;
    this.#isTooLong = false;
    if (line !== undefined) this.#take(line);
  }

  #line(bytes: Buffer, from: number, end: number): void {
    if (this.#size === 0 && end - from <= MAX_EVENT) {
      this.#take(bytes.toString('utf8', from, end));
    } else {
      this.#hold(bytes.subarray(from, end));
      this.finish();
    }
  }

  #hold(part: Buffer): void {
    if (part.length === 0 || this.#isTooLong) return;
    this.#size += part.length;
    this.#isTooLong = this.#size > MAX_EVENT;
    // A copy: the piece may belong to a larger buffer that is used again.
    if (this.#isTooLong) this.#held = [];
    else this.#held.push(Buffer.from(part));
  }
}

function lineFeed(bytes: Buffer, from: number): number {
  return bytes.indexOf(LF, from);
}

function lineEnd(bytes: Buffer, from: number): number {
  const lf = bytes.indexOf(LF, from);
  const cr = bytes.subarray(from, lf < 0 ? bytes.length : lf).indexOf(CR);
  return cr < 0 ? lf : from + cr;
}

export class EventLines {
  readonly #lines: Lines;
  readonly #take: TakeEvent;
  #data: string[] = [];
  #size = 0;

  /** @param isServerSent false: every line is an event, as Ollama sends them. */
  constructor(isServerSent: boolean, take: TakeEvent) {
    this.#take = take;
    this.#lines = new Lines(isServerSent ? (line) => this.#line(line) : (line) => line !== '' && take(line));
  }

  push(bytes: Buffer): void {
    this.#lines.push(bytes);
  }

  /** The stream is over; what has no end is an event all the same. */
  end(): void {
    this.#lines.finish();
    this.#dispatch();
  }

  #line(line: string): void {
    if (line === '') this.#dispatch();
    else if (line.startsWith('data:')) {
      const data = line.slice(line[5] === ' ' ? 6 : 5);
      this.#size += data.length;
      if (this.#size <= MAX_EVENT) this.#data.push(data);
    }
  }

  #dispatch(): void {
    const data = this.#data;
    const isWhole = this.#size <= MAX_EVENT;
    this.#data = [];
    this.#size = 0;
    if (data.length > 0 && isWhole) this.#take(data.join('\n'));
  }
}
