// What one peer of an HTTP/2 connection may cost: settings and limits of both sides, and the streams of all connections together.
import type { ClientSessionOptions, ServerSessionOptions } from 'node:http2';
import { MAX_HEAD } from '../http/head.ts';

/** As many as a client may expect (RFC 9113, section 6.5.2, names 100 as the least). */
const CLIENT_STREAMS = 128;
const MAX_FIELDS = 256;
/** Upstream data waits here for a client on the same machine, so the window is sized for the way to the server: 1 MiB in 80 ms are 100 Mbit/s. */
const UPSTREAM_WINDOW = 1_048_576;
const CLIENT_WINDOW = 262_144;
/** The window of a whole connection. Node gives back what it has read at once, so this bounds what is in flight, not what is held. */
export const CONNECTION_WINDOW = 8_388_608;

/** Of what a misbehaving peer costs before its connection ends; in Node's words. `maxSessionMemory` is in MB. */
const PATIENCE = {
  maxHeaderListPairs: MAX_FIELDS,
  maxSendHeaderBlockLength: 2 * MAX_HEAD,
  maxSettings: 32,
  // A peer that stands still acknowledges nothing of what `watch` asks it.
  maxOutstandingSettings: 1000,
  maxOutstandingPings: 4,
  maxSessionInvalidFrames: 64,
  maxSessionRejectedStreams: 64,
  maxSessionMemory: 16,
} as const;

/** ENABLE_CONNECT_PROTOCOL (RFC 8441) is not offered: a tunnel in a stream would carry bytes that nobody judges. */
export const TOWARD_CLIENT: ServerSessionOptions = {
  ...PATIENCE,
  settings: {
    initialWindowSize: CLIENT_WINDOW,
    maxConcurrentStreams: CLIENT_STREAMS,
    maxHeaderListSize: MAX_HEAD,
  },
};

/** A pushed response would answer a request that nobody made, and nobody judged. */
export const TOWARD_SERVER: ClientSessionOptions = {
  ...PATIENCE,
  maxReservedRemoteStreams: 0,
  settings: { enablePush: false, initialWindowSize: UPSTREAM_WINDOW, maxHeaderListSize: MAX_HEAD },
};

/** Streams of all connections together; each costs some 25 KB while it is open. */
const MAX_STREAMS = 2048;
/** Bodies whose receiver does not read: each can hold a window of its sender's bytes. */
const MAX_HELD = 256;

/** Counts what all connections of a session hold, so that many of them cost no more than a few. */
export class StreamBudget {
  readonly #held: Map<object, () => void> = new Map();
  #streams = 0;

  /** @returns false when there are too many; else `leave` is due. */
  enter(): boolean {
    if (this.#streams >= MAX_STREAMS) return false;
    this.#streams += 1;
    return true;
  }

  leave(): void {
    this.#streams -= 1;
  }

  /** A body waits for its receiver. When too many do, the one that has waited longest is given up. */
  hold(body: object, giveUp: () => void): void {
    this.#held.set(body, giveUp);
    if (this.#held.size <= MAX_HELD) return;
    const [oldest] = this.#held;
    if (oldest === undefined) return;
    this.#held.delete(oldest[0]);
    oldest[1]();
  }

  /** It moves again, or is over. */
  release(body: object): void {
    this.#held.delete(body);
  }
}

/** As nghttp2 counts them: so many at once, then so many each second. */
const RESETS_AT_ONCE = 200;
const RESETS_PER_SECOND = 33;

/** Counts the streams that a client opens only to reset them (CVE-2023-44487): each makes a server work for nothing. */
export class ResetCounter {
  #left: number = RESETS_AT_ONCE;
  #last: number = performance.now();

  /** @returns whether there were too many. */
  add(): boolean {
    const time = performance.now();
    this.#left = Math.min(RESETS_AT_ONCE, this.#left + ((time - this.#last) * RESETS_PER_SECOND) / 1000) - 1;
    this.#last = time;
    return this.#left < 0;
  }
}
