// One HTTP exchange at a place where MCP is judged: its messages enter, what reaches the server leaves, and what of the answer the agent gets.
import { Buffer } from 'node:buffer';
import { type Denial, denialText, faultText, sentOn } from '../../mcp/denial.ts';
import type { Keeps } from '../../mcp/lists.ts';
import { type Asked, askedOf } from '../../mcp/mcp-request.ts';
import { isFault, type Message, type Messages, PARSE_ERROR, type RequestMessage } from '../../mcp/message.ts';
import { isMereNotification, type Rewrite, rewriteReceived } from '../../mcp/received.ts';
import { isMcpBody, isNoMessage } from '../../mcp/recognise.ts';
import type { Emit } from '../../schema/event.ts';
import type { Peer } from '../options.ts';
import { now } from '../record.ts';
import type { CallJudge, Judged, McpBrokerOptions } from './call-judge.ts';
import { type CallOutcome, type CallRecord, type CallWay, callEvent, recordOf } from './call-record.ts';
import type { CallsInHand } from './calls-in-hand.ts';
import type { McpSession } from './mcp-session.ts';
import { OpenRecords } from './open-records.ts';
import { StreamVoice } from './stream-voice.ts';
import { tellWaiting } from './waiting-calls.ts';

/** Of a batch, as many are named. */
const MAX_CALLS = 64;

/** `answer` undefined: nothing was asked. */
export type Stopped = {
  readonly answer: string | undefined;
  readonly reason: string;
  readonly policies: readonly string[];
};

export interface AnswerOptions {
  /** The text is the data of an event. */
  readonly isEvents: boolean;
  /** Nothing is stopped, nor taken out because it cannot be read. */
  readonly isShadow: () => boolean;
  /** An entry of a list passes by, as the server sent it. */
  readonly seen: (...entry: Parameters<Keeps>) => void;
}

/** Where an exchange stands. */
export interface Place {
  readonly isMcp: boolean;
  readonly isInbox: boolean;
  /** Absent: its calls are answered on it or not at all. */
  readonly session?: McpSession | undefined;
  /** Answers a request of the server in the client's place. */
  readonly reply?: ((text: string) => void) | undefined;
}

interface Entry {
  readonly message: Exclude<Message, { kind: 'response' }>;
  readonly judged: Judged;
  readonly record: CallRecord;
}

function wayTo({ name: host, port }: Peer, transport: 'http' | 'http+sse'): CallWay {
  return { transport, host, port };
}

export class McpExchange {
  /** Of Leash, on its answer, if that is a stream. */
  readonly voice: StreamVoice = new StreamVoice();
  readonly #judge: CallJudge;
  readonly #peer: Peer;
  readonly #emit: Emit;
  #way: CallWay;
  readonly #inHand: CallsInHand;
  readonly #open: OpenRecords;
  /** Calls of the messages that were sent here. */
  readonly #calls: string[] = [];
  /** Whether MCP is spoken on it; until then what is not MCP passes. */
  #isMcp: boolean;
  readonly #isInbox: boolean;
  readonly #session: McpSession | undefined;
  #reply: Place['reply'];
  /** The answer is a stream, whose rest may come on another one. */
  #isStream = false;
  /** Where the calls were sent whose answers come on it, if it is the stream of 2024-11-05. */
  #inbox: McpSession | undefined;

  constructor(
    judge: CallJudge,
    peer: Peer,
    { emit, inHand }: Pick<McpBrokerOptions, 'emit' | 'inHand'>,
    { isMcp, isInbox, session, reply }: Place,
  ) {
    this.#judge = judge;
    this.#peer = peer;
    this.#emit = emit;
    this.#inHand = inHand;
    this.#isMcp = isMcp;
    this.#isInbox = isInbox;
    this.#way = wayTo(peer, isInbox ? 'http+sse' : 'http');
    this.#session = session;
    this.#reply = reply;
    this.#open = new OpenRecords(emit, inHand);
  }

  get isMcp(): boolean {
    return this.#isMcp;
  }

  /** Of the request that carried them: `c1`, or of a batch `c1,c2`. */
  get calls(): string | undefined {
    return this.#calls.length === 0 ? undefined : this.#calls.slice(0, MAX_CALLS).join(',');
  }

  speaksMcp(): void {
    this.#isMcp = true;
  }

  /** The answer is the stream of the revision 2024-11-05. */
  speaksLegacy({ session, reply }: Pick<Place, 'session' | 'reply'>): void {
    this.speaksMcp();
    this.#way = wayTo(this.#peer, 'http+sse');
    this.#leaveInbox();
    session?.streamBegins();
    session?.listens(this.voice);
    this.#inbox = session;
    this.#reply = reply;
  }

  /** Judges all that is sent. @returns undefined: it passes. */
  async send(messages: Messages, signal: () => AbortSignal): Promise<Stopped | undefined> {
    const requests = messages.entries.filter((message) => message.kind === 'request');
    let tellNoMore: (() => void) | undefined;
    const asked = (): AbortSignal => {
      tellNoMore ??= this.#session && tellWaiting(requests, this.#session.tell);
      return signal();
    };
    try {
      return await this.#judged(messages, asked);
    } finally {
      tellNoMore?.();
    }
  }

  async #judged(messages: Messages, signal: () => AbortSignal): Promise<Stopped | undefined> {
    this.#isMcp = true;
    const entries: Entry[] = [];
    for (const message of messages.entries) {
      if (message.kind === 'response') continue;
      const asked = askedOf(message, this.#judge.server);
      if (isFault(asked)) return this.#stop(entries, { answer: faultText(asked), reason: asked.fault, policies: [] });
      const time = now();
      const judged = await this.#judge.judge(asked, signal);
      entries.push({ message, judged, record: this.#recordOf(message, judged, time, 'client') });
    }
    const denials = new Map<Message, Denial>();
    for (const { message, judged } of entries) if (judged.denial !== undefined) denials.set(message, judged.denial);
    const sent = sentOn(messages, denials);
    const [first] = denials.values();
    if (!sent.passes) {
      const { reason = '', policies = [] } = first ?? {};
      return this.#stop(entries, { answer: sent.answer, reason, policies });
    }
    return this.#sent(entries);
  }

  /** Nothing of it reaches the server. */
  #stop(entries: readonly Entry[], stopped: Stopped): Stopped {
    for (const { judged, record } of entries) this.#emit(callEvent(record, judged.denial ? 'denied' : 'not sent'));
    return stopped;
  }

  #sent(entries: readonly Entry[]): Stopped | undefined {
    for (const { message, record } of entries) {
      if (message.kind === 'notification') continue;
      const fault = this.#open.open(message, record, this.#judge.server);
      if (fault !== undefined) return this.#twice(message, fault);
    }
    if (this.#open.ids.length > 0) this.#session?.sent(this.#open);
    for (const { message, record } of entries) {
      if (message.kind !== 'notification') continue;
      this.#emit(callEvent(record, 'sent'));
      this.#session?.cancelled(message);
    }
    return undefined;
  }

  /** Two requests of one batch with one id. */
  #twice(message: RequestMessage, fault: string): Stopped {
    this.#open.end('no answer');
    return { answer: denialText(message, { reason: fault, policies: [], form: 'error' }), reason: fault, policies: [] };
  }

  #recordOf(message: Message, judged: Judged, time: number, sender: CallRecord['sender']): CallRecord {
    const call = this.#inHand.next();
    if (sender === 'client') this.#calls.push(call);
    const { who } = this.#peer.attribution;
    return recordOf(message, judged, { call, time, who, way: this.#way, sender });
  }

  /** What the server asks of the agent. Its notifications ask for nothing. */
  #asks(asked: Asked, message: Message): Denial | undefined {
    if (message.kind === 'notification' && message.method === asked.request.method) return undefined;
    const time = now();
    const judged = this.#judge.judgeNow(asked);
    const outcome: CallOutcome = judged.denial ? 'denied' : 'sent';
    this.#emit(callEvent(this.#recordOf(message, judged, time, 'server'), outcome));
    return judged.denial;
  }

  /** What becomes of one JSON text of the answer. */
  rewrite({ isEvents, isShadow, seen }: AnswerOptions): Rewrite {
    this.#isStream = isEvents;
    const judge = {
      server: this.#judge.server,
      framing: { mayBeBatch: true },
      asks: (asked: Asked, message: Message) => this.#asks(asked, message),
      keeps: (...entry: Parameters<Keeps>) => {
        seen(...entry);
        return this.#judge.keeps(...entry);
      },
      answers: (message: Parameters<OpenRecords['answered']>[0]) => {
        if (!this.#open.answered(message)) (this.#inbox ?? this.#session)?.answered(message);
      },
      // It has no way back on this exchange.
      reply: (text: string) => this.#reply?.(text),
      unreadable: (bytes: Buffer, fault: string) => {
        if (isShadow() || !this.#isMcp) return bytes;
        if (isEvents) return undefined;
        return isNoMessage(bytes) ? bytes : this.#instead(fault);
      },
    };
    return (bytes) => {
      if (!this.#isMcp && !isMcpBody(bytes)) return bytes;
      this.#isMcp = true;
      return isMereNotification(bytes) ? bytes : rewriteReceived(bytes, judge);
    };
  }

  /** In place of an answer in one text that clients may read in different ways. */
  #instead(fault: string): Buffer | undefined {
    const [id] = this.#open.ids;
    return id === undefined ? undefined : Buffer.from(faultText({ fault, code: PARSE_ERROR, id }));
  }

  #leaveInbox(): void {
    this.#inbox?.listensNoMore(this.voice);
    this.#inbox?.streamEnds();
  }

  /** The client listens to what the server says by itself (2025-03-26, Listening for Messages from the Server). */
  listens(): void {
    this.#session?.listens(this.voice);
  }

  /** The exchange is over. @param status of the answer. @param isSeen whether the answer was looked at */
  end(status: number | undefined, isSeen: boolean = true): void {
    this.voice.end();
    this.#leaveInbox();
    this.#session?.listensNoMore(this.voice);
    const isTaken = status === 202 || (this.#isInbox && status !== undefined && status < 300);
    const outcome: CallOutcome = isTaken || !isSeen ? 'sent' : 'no answer';
    if (this.#session === undefined) this.#open.end(outcome);
    else this.#session.over(this.#open, outcome, isTaken || this.#isStream);
  }
}
