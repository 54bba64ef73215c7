// Bytes of an AWS event stream (application/vnd.amazon.eventstream) enter, the JSON of each message leaves: Bedrock answers so.
import { Buffer } from 'node:buffer';
import type { TakeEvent } from './event-lines.ts';

/** Total length, length of the headers, and their checksum. */
const PRELUDE = 12;
const CHECKSUM = 4;
/** Of one message, by the specification: 16 MiB. */
const MAX_MESSAGE = 16_777_216;

export class AmazonEvents {
  readonly #take: TakeEvent;
  #pending: Buffer[] = [];
  #size = 0;
  #isBroken = false;

  constructor(take: TakeEvent) {
    this.#take = take;
  }

  push(bytes: Buffer): void {
    if (this.#isBroken) return;
    this.#pending.push(Buffer.from(bytes));
    this.#size += bytes.length;
    while (!this.#isBroken && this.#message());
  }

  end(): void {
    this.#pending = [];
  }

  /** @returns whether a message was taken off. */
  #message(): boolean {
    if (this.#size < PRELUDE) return false;
    const [first] = this.#pending;
    const joined = first !== undefined && first.length >= PRELUDE ? first : this.#join();
    const length = joined.readUInt32BE(0);
    const headers = joined.readUInt32BE(4);
    this.#isBroken = length > MAX_MESSAGE || PRELUDE + headers + CHECKSUM > length;
    if (this.#isBroken) this.end();
    if (this.#isBroken || this.#size < length) return false;
    const whole = joined.length >= length ? joined : this.#join();
    const payload = whole.toString('utf8', PRELUDE + headers, length - CHECKSUM);
    this.#pending =
      length === whole.length ? this.#pending.slice(1) : [whole.subarray(length), ...this.#pending.slice(1)];
    this.#size -= length;
    this.#take(payload);
    return true;
  }

  #join(): Buffer {
    const joined = Buffer.concat(this.#pending);
    this.#pending = [joined];
    return joined;
  }
}
