// Bytes of a session's segments in, in order; verified events out. No I/O.
import { LeashError } from '../host/errors.ts';
import type { Event, SessionInfo } from '../schema/event.ts';
import { type ChainHead, decodeLine, genesis, MAX_LINE_BYTES } from './chain.ts';

const NEWLINE = 0x0a;

/** One event and its number in the session, from 0. */
export interface JournalEntry {
  readonly seq: number;
  readonly event: Event;
}

/** Follows the chain over all segments of one session. Every method throws LEASH_JOURNAL_CORRUPT and is then of no use. */
export class JournalDecoder {
  #head: ChainHead;
  #segment = '';
  #line = 0;
  #pending: Buffer = Buffer.alloc(0);

  constructor(sessionId: string) {
    this.#head = genesis(sessionId);
  }

  /** Bytes of a line that has no newline yet. */
  get unfinished(): number {
    return this.#pending.length;
  }

  /** Says that the bytes to come are those of segment `name`; the one before must have ended with a whole line. */
  startSegment(name: string): void {
    if (this.#pending.length > 0) {
      this.#line += 1;
      throw this.#corrupt('the line has no end, but a later segment exists');
    }
    this.#segment = name;
    this.#line = 0;
  }

  *push(chunk: Buffer): Generator<JournalEntry, void, undefined> {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      const entry = this.#decode(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      yield entry;
    }
    if (rest.length > MAX_LINE_BYTES) {
      this.#line += 1;
      throw this.#corrupt('the line is too long');
    }
    // A copy: the caller may use the chunk's memory again.
    this.#pending = Buffer.from(rest);
  }

  /** Compares what was read with what the record of an ended session says was written. */
  finish(info: SessionInfo): void {
    if (info.events === undefined) return;
    const isComplete = info.events === this.#head.seq && (info.head === undefined || info.head === this.#head.prev);
    if (isComplete && this.#pending.length === 0) return;
    this.#line += 1;
    throw this.#corrupt(`the session wrote ${info.events} events, and these are not all of them, or not they`);
  }

  #decode(line: Buffer): JournalEntry {
    this.#line += 1;
    if (line.length > MAX_LINE_BYTES) throw this.#corrupt('the line is too long');
    const decoded = decodeLine(line, this.#head);
    if (!decoded.ok) throw this.#corrupt(decoded.fault);
    const entry = { seq: this.#head.seq, event: decoded.event };
    this.#head = decoded.next;
    return entry;
  }

  #corrupt(fault: string): LeashError {
    const { seq } = this.#head;
    const intact =
      seq === 0
        ? 'No event before it is intact.'
        : `Intact: ${seq} ${seq === 1 ? 'event' : 'events'} (0 to ${seq - 1}).`;
    return new LeashError('LEASH_JOURNAL_CORRUPT', `${this.#segment || 'journal'} line ${this.#line}: ${fault}`, {
      details: [intact],
    });
  }
}
