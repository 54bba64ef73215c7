// What both directions between a client and a server of stdio know of each other: who speaks, which calls are open, which revision is spoken.
import type { Asked } from '../../../mcp/mcp-request.ts';
import { OpenCalls } from '../../../mcp/open-calls.ts';
import type { Attribution } from '../../options.ts';
import { now } from '../../record.ts';
import { CallJudge, type Judged, type McpBrokerOptions } from '../call-judge.ts';
import { type CallOrigin, type CallRecord, callEvent, unreadableEvent } from '../call-record.ts';
import { OpenRecords } from '../open-records.ts';

/** A program of the agent's that serves MCP on its standard input and output. */
export interface StdioServer {
  /** What policies call it. */
  readonly name: string;
  /** `mcp:NAME`, `mcp:./NAME` or `mcp:?NAME`. */
  readonly via: string;
  /** The process that started it. */
  readonly attribution: Attribution;
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
  readonly #server: StdioServer;

  constructor(options: McpBrokerOptions, server: StdioServer) {
    const { name, via, attribution } = server;
    this.#options = options;
    this.#server = server;
    this.server = name;
    this.judge = new CallJudge(options, { server: name, key: `stdio ${via}`, attribution });
    this.calls = new OpenRecords(options.emit, options.inHand);
  }

  /** Whether nothing passes that is not read and permitted. */
  get isEnforced(): boolean {
    const { calls, pins = false } = this.#options.attention();
    return calls === 'enforced' || pins;
  }

  originOf(sender: CallRecord['sender']): CallOrigin {
    const { via, attribution } = this.#server;
    const way = { transport: 'stdio', via } as const;
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
