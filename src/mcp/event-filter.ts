// A stream of server-sent events enters in pieces of any size; the same events leave, but for the data that is replaced or taken out.
import { Buffer } from 'node:buffer';
import { type Event, hidesLines, readEvent, withData, withoutData } from './event.ts';
import { HeldBytes } from './held-bytes.ts';
import type { Rewrite } from './received.ts';
import { isEndpointEvent } from './recognise.ts';

const NOTHING: Buffer = Buffer.alloc(0);
const LF = 0x0a;
const CR = 0x0d;
const DEFAULT_MOST = 8_388_608;

export interface EventFilterOptions {
  /** What becomes of the data of one event that may be JSON. */
  readonly rewrite: Rewrite;
  /** The address for messages that the first event of the revision 2024-11-05 names; it may be of another origin. */
  readonly endpoint?: (address: string) => void;
  /** Bytes of an event; a longer one ends the stream. */
  readonly most?: number;
}

/** Whether some reader could find a JSON object or array there: behind white space, marks and bytes of wider encodings. */
function mayBeJson(data: Buffer): boolean {
  const first = data.find((byte) => byte > 0x20 && byte < 0x7f);
  return first === 0x7b || first === 0x5b;
}

/**
 * An event ends at an empty line; lines at LF, CR or CRLF (WHATWG HTML, section 9.2.6). Events whose data is not changed pass to the
 * letter, and each as soon as its empty line is there. One that loses its data keeps `id` and `retry`, so that resuming goes on behind it.
 */
export class EventFilter {
  readonly #options: EventFilterOptions;
  readonly #most: number;
  readonly #held: HeldBytes = new HeldBytes();
  /** Of the line that is not complete. */
  #lineLength = 0;
  #endsInCr = false;
  #isFirst = true;
  #wasDropped = false;
  #fault: string | undefined;

  constructor(options: EventFilterOptions) {
    this.#options = options;
    this.#most = options.most ?? DEFAULT_MOST;
  }

  /** Why nothing passes any more. */
  get fault(): string | undefined {
    return this.#fault;
  }

  push(bytes: Buffer): Buffer {
    if (bytes.length === 0 || this.#fault !== undefined) return NOTHING;
    const passed: Buffer[] = [];
    let from = 0;
    let at = 0;
    if (this.#endsInCr && bytes[0] === LF) {
      at = 1;
      // Of an empty line, whose event went on when its CR came.
      if (this.#held.length === 0) {
        from = 1;
        if (!this.#wasDropped) passed.push(bytes.subarray(0, 1));
      }
    }
    this.#endsInCr = bytes.at(-1) === CR;
    let cr = bytes.indexOf(CR, at);
    for (;;) {
      const lf = bytes.indexOf(LF, at);
      if (cr >= 0 && cr < at) cr = bytes.indexOf(CR, at);
      const end = cr < 0 || (lf >= 0 && lf < cr) ? lf : cr;
      if (end < 0) break;
      const isEmpty = this.#lineLength + end - at === 0;
      const next = end === cr && bytes[end + 1] === LF ? end + 2 : end + 1;
      this.#lineLength = 0;
      at = next;
      if (!isEmpty) continue;
      if (!this.#fits(end - from)) return Buffer.concat(passed);
      passed.push(this.#event(this.#held.takeWith(bytes.subarray(from, next))));
      from = next;
    }
    this.#lineLength += bytes.length - at;
    if (this.#fits(bytes.length - from)) this.#held.push(bytes.subarray(from));
    return passed.length === 1 ? (passed[0] ?? NOTHING) : Buffer.concat(passed);
  }

  /** The stream is over. What has no end is no event to a browser, but is one to others. */
  end(): Buffer {
    const rest = this.#held.takeWith(NOTHING);
    return rest.length === 0 || this.#fault !== undefined ? NOTHING : this.#event(rest);
  }

  #fits(more: number): boolean {
    if (this.#held.length + more > this.#most) this.#fault ??= `an event is longer than ${this.#most} bytes`;
    return this.#fault === undefined;
  }

  #event(bytes: Buffer): Buffer {
    const event = readEvent(bytes, this.#isFirst);
    this.#isFirst = false;
    const sent = this.#judged(event);
    this.#wasDropped = sent.length === 0;
    return sent;
  }

  #judged(event: Event): Buffer {
    const { bytes, type, data } = event;
    const isJson = data !== undefined && mayBeJson(data);
    if (hidesLines(event, isJson)) return NOTHING;
    if (data === undefined) return bytes;
    const address = data.toString('utf8');
    if (isEndpointEvent(type, address)) this.#options.endpoint?.(address);
    if (!isJson) return bytes;
    const rewritten = this.#options.rewrite(data);
    if (rewritten === undefined) return withoutData(event);
    return rewritten === data ? bytes : withData(event, rewritten);
  }
}
