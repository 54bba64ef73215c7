// What both directions between a client and a server know of each other, on a connection that lasts: who speaks, which calls are open, which revision.
import type { Buffer } from 'node:buffer';
import type { Asked } from '../../../mcp/mcp-request.ts';
import { OpenCalls } from '../../../mcp/open-calls.ts';
import { now } from '../../record.ts';
import { CallJudge, type Judged, type McpBrokerOptions, type Parties } from '../call-judge.ts';
import { type CallOrigin, type CallRecord, type CallWay, callEvent, unreadableEvent } from '../call-record.ts';
import { OpenRecords } from '../open-records.ts';

export const TOO_LONG = 'it is longer than 32 MiB, or too much is held at a time';

/** Whom a connection that lasts is between, and what it is. */
export interface Speakers extends Parties {
  readonly way: CallWay;
}

/** One of the two, to whom Leash has something to say itself. */
export interface Listener {
  /** It does not take what it is told as fast as that comes. */
  readonly isFull: boolean;
  /** @param message whole; it does not stand within another one. */
  say(message: string | Buffer): void;
}

export class Conversation {
  readonly judge: CallJudge;
  readonly server: string;
  /** What the client asked of the server. */
  readonly calls: OpenRecords;
  /** What the server asked of the client. */
  readonly requests: OpenCalls = new OpenCalls();
  /** The revision that the server chose; before its greeting, and in revisions without one, not known. */
  version: string | undefined;
  /** Something of MCP was said: other protocols over JSON-RPC are none of our business where nothing is judged. */
  isMcp = false;
  readonly #options: McpBrokerOptions;
  readonly #speakers: Speakers;

  constructor(options: McpBrokerOptions, speakers: Speakers) {
    this.#options = options;
    this.#speakers = speakers;
    this.server = speakers.server;
    this.judge = new CallJudge(options, speakers);
    this.calls = new OpenRecords(options.emit, options.inHand);
  }

  /** Whether each message is a line of its own, to whoever reads it. */
  get isOfLines(): boolean {
    return this.#speakers.way.transport === 'stdio';
  }

  /** Whether nothing passes that is not read and permitted. */
  get isEnforced(): boolean {
    const { calls, pins = false } = this.#options.attention();
    return calls === 'enforced' || pins;
  }

  originOf(sender: CallRecord['sender']): CallOrigin {
    const { way, attribution } = this.#speakers;
    return { call: this.#options.inHand.next(), time: now(), who: attribution.who, way, sender };
  }

  /** The verdict on what has passed: that of shadow policies, or none. */
  watched(asked: Asked): Judged {
    return this.#options.attention().calls === 'shadow' ? this.judge.judgeNow(asked) : this.judge.unjudged(asked);
  }

  emit(record: CallRecord, outcome: 'denied' | 'not sent' | 'sent' | 'cancelled'): void {
    this.#options.emit(callEvent(record, outcome));
  }

  /** What was not passed on because it cannot be read, or has no place. @param length in bytes */
  refused(sender: CallRecord['sender'], fault: string, length: number): void {
    const epoch = this.#options.epoch();
    this.#options.emit(unreadableEvent(this.originOf(sender), this.server, { fault, length, epoch }));
  }
}
