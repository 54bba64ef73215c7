// Messages of a client enter, one by one; those that policy permits go on to its server, at once or when a person has spoken, and the others are answered.
import { Buffer } from 'node:buffer';
import { type Denial, denialText, faultText, sentOn } from '../../../mcp/denial.ts';
import { type Asked, askedOf } from '../../../mcp/mcp-request.ts';
import {
  type Fault,
  isFault,
  type Message,
  type Messages,
  type RequestMessage,
  readMessages,
} from '../../../mcp/message.ts';
import { cancelledKey } from '../../../mcp/open-calls.ts';
import { isMcpBody } from '../../../mcp/recognise.ts';
import { hasBatches } from '../../../mcp/revision.ts';
import type { Allowance } from '../../exchange/allowance.ts';
import type { Judged } from '../call-judge.ts';
import { type CallOrigin, type CallRecord, recordOf } from '../call-record.ts';
import { type Conversation, type Listener, TOO_LONG } from './conversation.ts';
import { type HeldMessage, HeldMessages } from './held-messages.ts';

type Called = Exclude<Message, { kind: 'response' }>;

/** One that is to be judged; a batch has several. */
interface Entry {
  readonly message: Called;
  readonly asked: Asked;
  readonly origin: CallOrigin;
}

/** What came as one, and where it goes if it has to wait. */
interface Received {
  readonly bytes: Buffer;
  readonly messages: Messages;
  readonly later: (bytes: Buffer) => void;
}

/** One that is judged. */
interface Sent {
  readonly message: Called;
  readonly record: CallRecord;
  readonly denial: Denial | undefined;
}

function requestsOf({ entries }: Messages): readonly RequestMessage[] {
  return entries.filter((entry) => entry.kind === 'request');
}

function sentOf({ message, origin }: Entry, judged: Judged): Sent {
  return { message, record: recordOf(message, judged, origin), denial: judged.denial };
}

export class ClientMessages {
  readonly #talk: Conversation;
  readonly #toClient: Listener;
  readonly #held: HeldMessages;

  constructor(talk: Conversation, toClient: Listener, allowance: Allowance) {
    this.#talk = talk;
    this.#toClient = toClient;
    // A client that does not read its answers needs no notifications, either.
    this.#held = new HeldMessages(allowance, (text) => {
      if (!toClient.isFull) toClient.say(text);
    });
  }

  /**
   * A message or batch where calls are judged. @param later called with what goes on when a person has spoken
   * @returns what goes on to the server now.
   */
  read(bytes: Buffer, later: (bytes: Buffer) => void): Buffer | undefined {
    const mayBeBatch = hasBatches(this.#talk.version);
    const messages = readMessages(bytes, { mayBeBatch, isLine: true });
    if (isFault(messages)) return this.#unreadable(bytes, messages);
    this.#talk.isMcp = true;
    const stray = this.#stray(messages);
    if (stray !== undefined) return this.#denied(bytes, messages, stray);
    const entries = this.#entries(messages);
    if (isFault(entries)) return this.#unreadable(bytes, entries);
    if (this.#withdraws(entries)) return undefined;
    return this.#judged({ bytes, messages, later }, entries);
  }

  /** What has passed. */
  watch(bytes: Buffer): void {
    const messages = readMessages(bytes, { mayBeBatch: true });
    if (isFault(messages) || !(this.#talk.isMcp || isMcpBody(bytes))) return;
    this.#talk.isMcp = true;
    for (const message of messages.entries) {
      if (message.kind === 'response') {
        this.#talk.requests.answered(message);
        continue;
      }
      const origin = this.#talk.originOf('client');
      const asked = askedOf(message, this.#talk.server);
      if (!isFault(asked)) this.#sent(sentOf({ message, asked, origin }, this.#talk.watched(asked)));
    }
  }

  tooLong(): void {
    this.#talk.refused('client', TOO_LONG, 0);
    this.#toClient.say(faultText({ fault: TOO_LONG, code: -32_600 }));
  }

  /** Resolves when no question is open. */
  settled(): Promise<void> {
    return this.#held.none();
  }

  /** No answers can come any more. */
  end(): void {
    this.#held.end();
  }

  /** Why its answers and ids belong to nothing, or to something else. */
  #stray(messages: Messages): string | undefined {
    const { requests, calls } = this.#talk;
    const answers = messages.entries.filter((entry) => entry.kind === 'response');
    // All are taken from what the server waits for, also behind a wrong one.
    const unasked = answers.filter((answer) => requests.answered(answer) === undefined);
    if (unasked.length > 0) return 'it answers what the server did not ask';
    return calls.objection(requestsOf(messages), this.#held.keys);
  }

  #entries({ entries }: Messages): readonly Entry[] | Fault {
    const all: Entry[] = [];
    for (const message of entries) {
      if (message.kind === 'response') continue;
      const asked = askedOf(message, this.#talk.server);
      if (isFault(asked)) return asked;
      all.push({ message, asked, origin: this.#talk.originOf('client') });
    }
    return all;
  }

  /** A client takes back a call that is held here: the server never heard of it. */
  #withdraws([entry, ...others]: readonly Entry[]): boolean {
    if (entry?.message.kind !== 'notification' || entry.message.method !== 'notifications/cancelled') return false;
    const key = cancelledKey(entry.message);
    if (others.length > 0 || key === undefined || !this.#held.cancel(key)) return false;
    this.#talk.emit(sentOf(entry, this.#talk.judge.judgeNow(entry.asked)).record, 'not sent');
    return true;
  }

  #judged({ bytes, messages, later }: Received, entries: readonly Entry[]): Buffer | undefined {
    const holding: { held?: HeldMessage } = {};
    const signal = (): AbortSignal => {
      holding.held ??= this.#held.hold(bytes.length, requestsOf(messages));
      return holding.held.signal;
    };
    const judged = entries.map(({ asked }) => this.#talk.judge.judge(asked, signal));
    const settle = (all: readonly Judged[]): boolean =>
      this.#settle(
        messages,
        entries.map((entry, index) => sentOf(entry, all[index] as Judged)),
        holding.held?.isCancelled === true,
      );
    const { held } = holding;
    if (held === undefined) return settle(judged as readonly Judged[]) ? bytes : undefined;
    // The bytes may be of a larger buffer, which would be kept with them.
    const kept = Buffer.from(bytes);
    void Promise.all(judged).then((all) => {
      held.letGo();
      if (settle(all)) later(kept);
    });
    return undefined;
  }

  /** @returns whether it goes on to the server. */
  #settle(messages: Messages, sent: readonly Sent[], isCancelled: boolean): boolean {
    const denials = new Map<Message, Denial>();
    for (const { message, denial } of sent) if (denial !== undefined) denials.set(message, denial);
    const outcome = sentOn(messages, denials);
    const passes = outcome.passes && !isCancelled;
    if (passes) for (const each of sent) this.#sent(each);
    else for (const { record, denial } of sent) this.#talk.emit(record, denial === undefined ? 'not sent' : 'denied');
    if (!outcome.passes && !isCancelled && outcome.answer !== undefined) this.#toClient.say(outcome.answer);
    return passes;
  }

  #sent({ message, record }: Pick<Sent, 'message' | 'record'>): void {
    if (message.kind === 'request') {
      if (this.#talk.calls.open(message, record, this.#talk.server) !== undefined) this.#talk.emit(record, 'sent');
      return;
    }
    if (message.method === 'notifications/cancelled') this.#talk.calls.cancelled(message);
    this.#talk.emit(record, 'sent');
  }

  #unreadable(bytes: Buffer, fault: Fault): undefined {
    this.#talk.refused('client', fault.fault, bytes.length);
    this.#toClient.say(faultText(fault));
  }

  /** Nobody was asked. */
  #denied(bytes: Buffer, messages: Messages, reason: string): undefined {
    this.#talk.refused('client', reason, bytes.length);
    const answers = requestsOf(messages).map((request) => denialText(request, { reason, policies: [], form: 'error' }));
    if (answers.length > 0) this.#toClient.say(messages.isBatch ? `[${answers.join(',')}]` : answers.join(''));
  }
}
