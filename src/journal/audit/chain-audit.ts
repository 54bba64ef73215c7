// What each line of a journal says of its place in, the faults of the chain out, each at its line: goes on after a fault. No I/O.
import type { SessionInfo } from '../../schema/event.ts';
import { type ChainHead, genesis } from '../chain.ts';
import { eventsText, type Fault, type FaultKind, type Place } from './fault.ts';

/** What is told of; those above are counted. */
const MOST_FAULTS = 100;

/** One line as it stands in a segment. */
export interface AuditedLine extends Place {
  /** Undefined: it does not begin as a line of a journal does. */
  readonly header: ChainHead | undefined;
  /** SHA-256 of its bytes. */
  readonly hash: string;
  readonly isEvent: boolean;
  /** It has no newline, and it is not the end of the journal. */
  readonly isCut: boolean;
}

export interface AuditResult {
  /** Lines that stand where the chain says. */
  readonly intact: number;
  readonly faults: readonly Fault[];
  /** Faults beyond those listed. */
  readonly further: number;
  /** The session has ended, and its record says how many events it wrote, and the hash of the last. */
  readonly isSealed: boolean;
}

/** The line that the chain was followed to. */
interface Accepted {
  readonly seq: number;
  /** Undefined: what the next line carries cannot be known, since this line was changed. */
  readonly hash: string | undefined;
  /** Undefined before the first line. */
  readonly place: Place | undefined;
}

export class ChainAudit {
  readonly #info: SessionInfo;
  readonly #faults: Fault[] = [];
  readonly #gaps: { readonly first: number; readonly last: number; readonly place: Place }[] = [];
  readonly #strays: AuditedLine[] = [];
  #further = 0;
  #intact = 0;
  #last: Accepted;
  /** Judged when the line after it is known: that line says which of two was changed. */
  #current: AuditedLine | undefined;

  /** @param info the record of the session; what it says of the end counts once the session has ended */
  constructor(info: SessionInfo) {
    this.#info = info;
    this.#last = { seq: -1, hash: genesis(info.id).prev, place: undefined };
  }

  /** In the order of the segments. */
  add(line: AuditedLine): void {
    const before = this.#current;
    this.#current = line;
    if (before !== undefined) this.#judge(before, line);
  }

  /** A segment that cannot be read. */
  unreadable(segment: string, text: string): void {
    this.#tell('unreadable', { segment, line: 1, offset: 0 }, text);
  }

  /**
   * @param end where the next line would begin
   * @param isTorn whether bytes without a newline stand there
   */
  finish(end: Place, isTorn: boolean): AuditResult {
    if (this.#current !== undefined) this.#judge(this.#current, undefined);
    this.#current = undefined;
    this.#settleGaps();
    const isSealed = this.#info.ended !== undefined && this.#info.events !== undefined;
    if (isSealed) this.#compareEnd(end, isTorn);
    const order = (fault: Fault): string => `${fault.segment} ${String(fault.offset).padStart(12, '0')}`;
    const faults = this.#faults.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
    return { intact: this.#intact, faults, further: this.#further, isSealed };
  }

  #tell(kind: FaultKind, { segment, line, offset }: Place, text: string, events?: Fault['events']): void {
    if (this.#faults.length >= MOST_FAULTS) this.#further += 1;
    else this.#faults.push({ kind, segment, line, offset, text, ...(events && { events }) });
  }

  /** Whether the line is what the chain expects now. */
  #follows({ header }: AuditedLine): boolean {
    const { seq, hash } = this.#last;
    return header !== undefined && header.seq === seq + 1 && (hash === undefined || header.prev === hash);
  }

  /** @param hash undefined: what the next line carries cannot be known */
  #accept(line: AuditedLine, hash: string | undefined): void {
    this.#last = { seq: this.#last.seq + 1, hash, place: line };
  }

  #judge(line: AuditedLine, next: AuditedLine | undefined): void {
    const expected = this.#last.seq + 1;
    if (line.isCut) this.#changed(line, 'truncated', 'the line has no end, but a later segment exists');
    else if (this.#follows(line)) this.#follow(line, next);
    else if (next !== undefined && !next.isCut && this.#follows(next)) this.#outside(line);
    else if (line.header === undefined) this.#changed(line, 'edited', 'this is no line of a journal');
    else if (line.header.seq !== expected) this.#elsewhere(line, line.header);
    else this.#broken(line, next);
  }

  /** It stands for the event that is expected, and what the next line has to carry cannot be known from it. */
  #changed(line: AuditedLine, kind: FaultKind, text: string): void {
    const expected = this.#last.seq + 1;
    this.#tell(kind, line, text, [expected, expected]);
    this.#accept(line, undefined);
  }

  /** In its place. Whether its own bytes are what was written, the next line says. */
  #follow(line: AuditedLine, next: AuditedLine | undefined): void {
    const { seq } = this.#last;
    const isVouched = this.#isVouched(line, next);
    if (line.isEvent) this.#intact += 1;
    else if (isVouched)
      this.#tell('foreign', line, 'the line holds no event that this leash knows', [seq + 1, seq + 1]);
    else this.#tell('edited', line, 'the event is not JSON, or lacks a field', [seq + 1, seq + 1]);
    this.#accept(line, line.isEvent || isVouched ? line.hash : undefined);
  }

  /** Whether what comes after a line carries the hash of the bytes that stand there. */
  #isVouched({ header, hash }: AuditedLine, next: AuditedLine | undefined): boolean {
    if (next !== undefined) return next.header?.prev === hash && next.header.seq === (header?.seq ?? -2) + 1;
    return this.#info.head === hash;
  }

  /** The line after it follows the one before it. */
  #outside(line: AuditedLine): void {
    if (line.header !== undefined) this.#strays.push(line);
    else this.#tell('foreign', line, 'the line was put in: those around it belong together');
  }

  /** Its number is another. */
  #elsewhere(line: AuditedLine, header: ChainHead): void {
    const expected = this.#last.seq + 1;
    if (header.prev === this.#last.hash) {
      this.#changed(line, 'edited', `the number ${header.seq} stands where ${expected} did`);
    } else if (header.seq < expected) {
      this.#strays.push(line);
    } else {
      this.#gaps.push({ first: expected, last: header.seq - 1, place: line });
      this.#last = { seq: header.seq, hash: line.hash, place: line };
      if (line.isEvent) this.#intact += 1;
    }
  }

  /** The number is right, and what it carries is not the hash of the line before it. */
  #broken(line: AuditedLine, next: AuditedLine | undefined): void {
    const { place, seq } = this.#last;
    const isVouched = this.#isVouched(line, next);
    const isUndecided = place !== undefined && next === undefined && this.#info.head === undefined;
    if (!isVouched && !isUndecided) {
      this.#changed(line, 'edited', 'neither does it carry the hash of the line before, nor the next one its own');
      return;
    }
    if (place === undefined) {
      this.#tell('foreign', line, 'the chain begins in another session', [0, 0]);
    } else {
      const text = isVouched
        ? 'the next line carries another hash than that of these bytes'
        : 'this line or the next was changed, and nothing after them tells which';
      this.#tell('edited', place, text, [seq, isVouched ? seq : seq + 1]);
      this.#intact -= 1;
    }
    if (isVouched) this.#intact += 1;
    this.#accept(line, line.hash);
  }

  /** What is missing at one place and stands at another was moved. */
  #settleGaps(): void {
    const strays = new Map(this.#strays.map((line) => [line.header?.seq ?? -1, line]));
    for (const { first, last, place } of this.#gaps) {
      let from = first;
      for (let seq = first; seq <= last + 1; seq += 1) {
        const stray = strays.get(seq);
        if (seq <= last && stray === undefined) continue;
        if (from < seq)
          this.#tell('missing', place, `${eventsText(from, seq - 1)} stood before this line`, [from, seq - 1]);
        from = seq + 1;
        if (stray === undefined) break;
        const before = `${place.segment} line ${place.line}`;
        this.#tell('reordered', stray, `event ${seq} belongs before ${before}`, [seq, seq]);
        strays.delete(seq);
      }
    }
    for (const [seq, stray] of strays) this.#tell('foreign', stray, `event ${seq} stands here once more`, [seq, seq]);
  }

  #compareEnd(end: Place, isTorn: boolean): void {
    const { events = 0, head } = this.#info;
    const { seq, hash, place } = this.#last;
    const isShort = seq + 1 < events;
    if (isShort) this.#tell('truncated', end, `${eventsText(seq + 1, events - 1)} stood here`, [seq + 1, events - 1]);
    else if (isTorn) this.#tell('foreign', end, 'bytes stand after the last event that the session wrote');
    if (seq + 1 > events && place !== undefined) {
      const text = `the session wrote ${events} events; ${eventsText(events, seq)} came later`;
      this.#tell('foreign', place, text, [events, seq]);
    }
    const isOther = seq + 1 === events && hash !== undefined && head !== undefined && hash !== head;
    if (isOther && place !== undefined) {
      this.#tell('edited', place, 'it is not the last line that the session recorded', [seq, seq]);
      this.#intact -= 1;
    }
  }
}
