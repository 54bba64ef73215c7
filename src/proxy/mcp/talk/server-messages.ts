// Messages of a server enter, one by one; those that its client may see leave, without what policy takes out of them, and denials go back to the server.
import { Buffer } from 'node:buffer';
import { isObject } from '../../../json/strict-json.ts';
import { type Denial, faultText } from '../../../mcp/denial.ts';
import type { Asked } from '../../../mcp/mcp-request.ts';
import { isFault, type Message, PARSE_ERROR, type ResponseMessage, readMessages } from '../../../mcp/message.ts';
import { isMereNotification, type ReceivedJudge, rewriteReceived } from '../../../mcp/received.ts';
import { isNoMessage, mayHoldObject } from '../../../mcp/recognise.ts';
import type { Judged } from '../call-judge.ts';
import { type CallRecord, recordOf } from '../call-record.ts';
import { type Conversation, type Listener, TOO_LONG } from './conversation.ts';

/** Neither what servers print beside their messages, nor what tells the client something and asks for nothing. */
function mayAsk(bytes: Buffer): boolean {
  return mayHoldObject(bytes) && !isMereNotification(bytes);
}

export class ServerMessages {
  readonly #talk: Conversation;
  readonly #toClient: Listener;
  readonly #reading: ReceivedJudge;
  readonly #watching: ReceivedJudge;

  constructor(talk: Conversation, toClient: Listener, toServer: Listener) {
    this.#talk = talk;
    this.#toClient = toClient;
    const both = {
      server: talk.server,
      keeps: talk.judge.keeps,
      answers: (message: ResponseMessage) => this.#answers(message),
      reply: (text: string) => toServer.say(text),
    };
    this.#reading = {
      ...both,
      framing: { mayBeBatch: true, isLine: talk.isOfLines },
      asks: (asked, message) => this.#asks(message, talk.judge.judgeNow(asked), asked),
      unreadable: (bytes, fault) => (isNoMessage(bytes) ? bytes : this.#unreadable(bytes, fault)),
    };
    this.#watching = {
      ...both,
      framing: { mayBeBatch: true },
      asks: (asked, message) => {
        this.#asks(message, talk.watched(asked), asked);
        return undefined;
      },
      unreadable: (bytes) => bytes,
    };
  }

  /** A message or batch where calls are judged. @returns what the client gets of it. */
  read(bytes: Buffer): Buffer | undefined {
    return mayAsk(bytes) ? rewriteReceived(bytes, this.#reading) : bytes;
  }

  /** What has passed. */
  watch(bytes: Buffer): void {
    if (this.#talk.isMcp && mayAsk(bytes)) rewriteReceived(bytes, this.#watching);
  }

  tooLong(): void {
    this.#unanswerable(TOO_LONG, 0);
  }

  /** What the server asks of the agent. Its notifications ask for nothing. */
  #asks(message: Message, judged: Judged, asked: Asked): Denial | undefined {
    if (message.kind === 'notification' && message.method === asked.request.method) {
      if (message.method === 'notifications/cancelled') this.#talk.requests.cancelled(message);
      return undefined;
    }
    const record = recordOf(message, judged, this.#talk.originOf('server'));
    const denial = judged.denial ?? this.#opened(message, record);
    this.#talk.emit(record, denial === undefined ? 'sent' : 'denied');
    return denial;
  }

  /** Only what was asked may be answered. */
  #opened(message: Message, { time, length }: CallRecord): Denial | undefined {
    if (message.kind !== 'request') return undefined;
    const reason = this.#talk.requests.open(message, { server: this.#talk.server, size: length, started: time });
    return reason === undefined ? undefined : { reason, policies: [], form: 'error' };
  }

  #answers(message: ResponseMessage): void {
    const { result } = message;
    if (isObject(result) && typeof result['protocolVersion'] === 'string')
      this.#talk.version = result['protocolVersion'];
    this.#talk.calls.answered(message);
  }

  #unreadable(bytes: Buffer, fault: string): undefined {
    if (bytes.includes('"jsonrpc"')) this.#unanswerable(fault, bytes.length);
    else this.#talk.refused('server', fault, bytes.length);
  }

  /** If one call is open, it is its answer that cannot be read; of several nobody can say whose. */
  #unanswerable(fault: string, length: number): void {
    this.#talk.refused('server', fault, length);
    const [id, ...others] = this.#talk.calls.ids;
    if (id === undefined || others.length > 0) return;
    const text = faultText({ fault, code: PARSE_ERROR, id });
    const messages = readMessages(Buffer.from(text), { mayBeBatch: false });
    const [answer] = isFault(messages) ? [] : messages.entries;
    if (answer?.kind === 'response') this.#talk.calls.answered(answer);
    this.#toClient.say(text);
  }
}
