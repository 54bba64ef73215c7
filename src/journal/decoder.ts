// Bytes of a session's segments in, in order; verified events out. No I/O.
import { LeashError } from '../host/errors.ts';
import type { Event, SessionInfo } from '../schema/event.ts';
import { type ChainHead, decodeLine, genesis, MAX_LINE_BYTES } from './chain.ts';

const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);

/** One event and its number in the session, from 0. */
export interface JournalEntry {
  readonly seq: number;
  readonly event: Event;
}

/** Follows the chain over all segments of one session. Every method throws LEASH_JOURNAL_CORRUPT and is then of no use. */
export class JournalDecoder {
  #head: ChainHead;
  /** Of the first event that is followed. */
  readonly #first: number;
  #segment = '';
  /** Undefined in the segment in whose midst it began. */
  #line: number | undefined = 0;
  #pending: Buffer = NOTHING;

  /** @param from where in the chain it begins: what is before is not looked at. */
  constructor(sessionId: string, from: ChainHead = genesis(sessionId)) {
    this.#head = from;
    this.#first = from.seq;
  }

  /** Bytes of a line that has no newline yet. */
  get unfinished(): number {
    return this.#pending.length;
  }

  /**
   * Says that the bytes to come are those of segment `name`; the one before must have ended with a whole line.
   * @param isWhole they begin with its first
   */
  startSegment(name: string, isWhole = true): void {
    if (this.#pending.length > 0) {
      this.#nextLine();
      throw this.#corrupt('the line has no end, but a later segment exists');
    }
    this.#segment = name;
    this.#line = isWhole ? 0 : undefined;
  }

  *push(chunk: Buffer): Generator<JournalEntry, void, undefined> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = this.#afterPending(chunk.subarray(start, end));
      start = end + 1;
      yield this.#decode(line);
    }
    // A copy: the caller may use the chunk's memory again.
    this.#pending = Buffer.from(this.#afterPending(chunk.subarray(start)));
    if (this.#pending.length > MAX_LINE_BYTES) {
      this.#nextLine();
      throw this.#corrupt('the line is too long');
    }
  }

  /** Compares what was read with what the record of an ended session says was written. */
  finish(info: SessionInfo): void {
    if (info.events === undefined) return;
    const isComplete = info.events === this.#head.seq && (info.head === undefined || info.head === this.#head.prev);
    if (isComplete && this.#pending.length === 0) return;
    this.#nextLine();
    throw this.#corrupt(`the session wrote ${info.events} events, and these are not all of them, or not they`);
  }

  /** What there was of its line before, and `bytes`. */
  #afterPending(bytes: Buffer): Buffer {
    if (this.#pending.length === 0) return bytes;
    const line = Buffer.concat([this.#pending, bytes]);
    this.#pending = NOTHING;
    return line;
  }

  #nextLine(): void {
    if (this.#line !== undefined) this.#line += 1;
  }

  #decode(line: Buffer): JournalEntry {
    this.#nextLine();
    if (line.length > MAX_LINE_BYTES) throw this.#corrupt('the line is too long');
    const decoded = decodeLine(line, this.#head);
    if (!decoded.ok) throw this.#corrupt(decoded.fault);
    const entry = { seq: this.#head.seq, event: decoded.event };
    this.#head = decoded.next;
    return entry;
  }

  #corrupt(fault: string): LeashError {
    const { seq } = this.#head;
    const count = seq - this.#first;
    const intact =
      count === 0
        ? 'No event before it is intact.'
        : `Intact: ${count} ${count === 1 ? 'event' : 'events'} (${this.#first} to ${seq - 1}).`;
    const place = this.#line === undefined ? `event ${seq}` : `line ${this.#line}`;
    return new LeashError('LEASH_JOURNAL_CORRUPT', `${this.#segment || 'journal'} ${place}: ${fault}`, {
      details: [intact],
    });
  }
}
