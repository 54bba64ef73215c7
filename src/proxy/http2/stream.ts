// One stream of a client: its request enters, is judged, and is sent on or answered here; at the end, the Event that records it leaves.
import { Buffer } from 'node:buffer';
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Emit } from '../../schema/event.ts';
import type { HttpRequest } from '../../schema/request.ts';
import { Share } from '../exchange/allowance.ts';
import type { Gate, GateContext } from '../exchange/gate.ts';
import type { Passage } from '../exchange/passage.ts';
import type { Field } from '../http/head.ts';
import { type Failure, failureOf } from '../http/outcome.ts';
import { type RequestRecord, type RequestResult, requestEvent } from '../http/record.ts';
import { type OwnReply, refusal } from '../http/reply.ts';
import { type Decide, isRefusal, ownRefusal } from '../options.ts';
import { now } from '../record.ts';
import type { UpstreamTarget } from '../upstream/dial.ts';
import { answerStream } from './answer.ts';
import { type ExchangeRequest, StreamExchange } from './exchange.ts';
import type { StreamBudget } from './limits.ts';
import { type RawHeaders, readRequest, type StreamRequest } from './message.ts';
import type { UpstreamSessions } from './sessions.ts';

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_FLAG_END_STREAM, NGHTTP2_INTERNAL_ERROR } = constants;

export interface StreamContext extends Pick<GateContext, 'peer' | 'scheme' | 'epoch'> {
  readonly emit: Emit;
  readonly gate: Gate;
  readonly sessions: UpstreamSessions;
  readonly budget: StreamBudget;
  /** The server speaks HTTP/2 no more: the client is to connect again. */
  readonly retire: () => void;
}

/** A stream as Node hands it over. */
export interface OpenedStream {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly flags: number;
  readonly raw: RawHeaders;
}

type Body = Pick<ExchangeRequest, 'ahead' | 'isAhead'>;

const NO_BYTES = { bytesIn: 0, bytesOut: 0 };
const UNREAD: Body = { ahead: [], isAhead: false };

/** Bytes by which a broker tells what a body is. */
const ENOUGH = 16;

/** The first bytes, a few or many. */
function startOf(chunks: readonly Buffer[]): Buffer {
  const [first = Buffer.alloc(0)] = chunks;
  return first.length >= ENOUGH ? first : Buffer.concat(chunks.slice(0, ENOUGH));
}

function pseudo(raw: RawHeaders, name: string): string {
  return raw[raw.indexOf(name) + 1] ?? '';
}

export class StreamRelay {
  readonly #opened: OpenedStream;
  readonly #stream: ServerHttp2Stream;
  readonly #context: StreamContext;
  readonly #hasBody: boolean;
  /** What it holds of all bodies that are read ahead. */
  readonly #share: Share;
  #fields: readonly Field[] = [];
  #exchange: StreamExchange | undefined;
  #request: HttpRequest | undefined;
  #record: RequestRecord | undefined;
  #abandon: AbortController | undefined;

  constructor(opened: OpenedStream, context: StreamContext) {
    this.#opened = opened;
    this.#stream = opened.stream;
    this.#context = context;
    this.#share = new Share(context.gate.allowance);
    this.#hasBody = (opened.flags & NGHTTP2_FLAG_END_STREAM) === 0;
  }

  /** Whether the client has been given a response, or part of one. */
  get isAnswered(): boolean {
    return this.#stream.headersSent;
  }

  begin(): void {
    this.#guard(() => {
      const { peer, scheme, gate } = this.#context;
      const asked = readRequest(this.#opened.raw, { name: peer.name, port: peer.port, scheme });
      if ('status' in asked) {
        this.#reject(asked.status, asked.reason);
        return;
      }
      this.#fields = asked.message.fields;
      if (this.#hasBody && gate.reads(asked.message) > 0) this.#readAhead(this.#expected(asked));
      else this.#judge(asked, UNREAD);
    });
  }

  /** Judges the request in flight by the policy now in force, and ends the stream when it is not permitted any more. */
  rejudge(decide: Decide): void {
    const [request, record] = [this.#request, this.#record];
    if (request === undefined || record === undefined) return;
    const { peer, scheme } = this.#context;
    const decision = decide(request, peer.attribution.program);
    if (!isRefusal(decision)) return;
    const { status, bytes = NO_BYTES } = this.#exchange ?? {};
    this.#exchange?.abort();
    this.#write({ ...record, decision }, { status, ...bytes, error: 'ECONNRESET' });
    const url = `${scheme}://${peer.name}:${peer.port}${record.path.split('?', 1)[0] ?? ''}`;
    if (this.#stream.headersSent) this.#stream.close(NGHTTP2_CANCEL);
    else this.#answer(refusal(`${record.method} ${url}`, decision));
  }

  /** The server is not asked whether it wants a body that is read here (RFC 9110, section 10.1.1). */
  #expected(asked: StreamRequest): StreamRequest {
    const fields = asked.message.fields.filter(({ name }) => name !== 'expect');
    if (fields.length === asked.message.fields.length) return asked;
    this.#stream.additionalHeaders({ ':status': 100 });
    return { ...asked, message: { ...asked.message, fields } };
  }

  /** Holds the body until it can be looked at as a whole, or need not be, or is longer than is looked at. */
  #readAhead(asked: StreamRequest): void {
    const stream = this.#stream;
    const { gate, budget } = this.#context;
    const ahead: Buffer[] = [];
    let size = 0;
    const finish = (isAhead: boolean, content: Buffer | null | undefined): void => {
      stream.pause();
      stream.off('data', take).off('end', ended);
      budget.release(this);
      this.#judge(asked, { ahead, isAhead }, content);
    };
    const ended = (): void => {
      this.#guard(() => {
        const content = Buffer.concat(ahead);
        finish(true, size > 0 && gate.reads(asked.message, content) === 0 ? undefined : content);
      });
    };
    const take = (chunk: Buffer): void => {
      ahead.push(chunk);
      size += chunk.length;
      this.#guard(() => {
        const most = gate.reads(asked.message, startOf(ahead));
        if (most === 0) finish(false, undefined);
        else if (size > most || !this.#share.take(chunk.length)) finish(false, null);
      });
    };
    this.#hold();
    stream.on('data', take).on('end', ended);
  }

  /** Bytes of its body are kept here as long as this lasts. */
  #hold(): void {
    this.#context.budget.hold(this, () => this.#stream.close(NGHTTP2_ENHANCE_YOUR_CALM));
  }

  #judge(asked: StreamRequest, body: Body, content?: Buffer | null): void {
    const passage = this.#context.gate.judge(asked.message, () => this.#abandoned(), content);
    if (!(passage instanceof Promise)) {
      this.#judged(asked, body, passage);
      return;
    }
    if (this.#hasBody) this.#hold();
    passage
      .then((settled) => {
        this.#context.budget.release(this);
        if (!this.#stream.closed) this.#judged(asked, body, settled);
      })
      .catch((error: unknown) => this.#failed(error));
  }

  #abandoned(): AbortSignal {
    this.#abandon = new AbortController();
    return this.#abandon.signal;
  }

  #judged(asked: StreamRequest, body: Body, passage: Passage): void {
    if (!passage.isPermitted) {
      this.#refuse(passage.record, passage.reply);
      return;
    }
    const { peer, scheme, sessions, budget } = this.#context;
    const target: UpstreamTarget = { name: peer.name, port: peer.port, scheme };
    this.#request = passage.request;
    this.#record = passage.record;
    this.#exchange = new StreamExchange(
      this.#stream,
      { asked, received: this.#opened.headers, hasBody: this.#hasBody, ...body, outgoing: passage.outgoing },
      {
        target,
        sessions,
        budget,
        unanswered: (failure) => this.#unanswered(failure),
        aheadSent: () => this.#share.release(),
      },
    );
    this.#exchange.start();
  }

  /** The request could be read in two ways, or names another host. */
  #reject(status: number, reason: string): void {
    const { peer, scheme, epoch } = this.#context;
    const { raw } = this.#opened;
    const decision = ownRefusal(reason, epoch());
    const [method, path] = [pseudo(raw, ':method'), pseudo(raw, ':path')];
    this.#refuse({ time: now(), peer, scheme, method, path, decision }, { status, message: reason });
  }

  #refuse(record: RequestRecord, reply: OwnReply, failure?: Failure): void {
    const answered = this.#answer(reply);
    const error = failure === undefined ? {} : { error: failure.code, message: failure.message };
    const detail = { ...(answered.grpcStatus === undefined ? {} : { grpc_status: answered.grpcStatus }) };
    const bytes = { bytesIn: 0, bytesOut: this.#exchange?.bytes.bytesOut ?? 0 };
    this.#write(
      { ...record, detail: () => ({ ...record.detail?.(), ...detail }) },
      { status: answered.status, ...bytes, ...error },
    );
  }

  #unanswered(failure: Failure): void {
    const record = this.#record;
    if (record === undefined) return;
    const decision = failure.refused ? ownRefusal(failure.message, record.decision.epoch) : record.decision;
    this.#refuse({ ...record, decision }, { status: failure.refused ? 403 : 502, message: failure.message }, failure);
    if (failure.code === 'EPROTO') this.#context.retire();
  }

  #answer(reply: OwnReply): ReturnType<typeof answerStream> {
    const isHead = this.#opened.headers[':method'] === 'HEAD';
    return answerStream(this.#stream, reply, { fields: this.#fields, isHead, hasBody: this.#hasBody });
  }

  /** The stream is over, however it ended. */
  closed(): void {
    this.#abandon?.abort();
    this.#share.release();
    this.#context.budget.release(this);
    const exchange = this.#exchange;
    const record = this.#record;
    if (exchange === undefined || record === undefined) return;
    const { status, bytes, failure, grpcStatus, isComplete } = exchange;
    if (!isComplete) exchange.abort();
    const isCut = failure === undefined && (!isComplete || this.#stream.rstCode !== constants.NGHTTP2_NO_ERROR);
    const detail = (): NonNullable<ReturnType<NonNullable<RequestRecord['detail']>>> => ({
      ...record.detail?.(),
      ...(grpcStatus === undefined ? {} : { grpc_status: Number(grpcStatus) }),
    });
    this.#write(
      { ...record, detail },
      {
        status,
        ...bytes,
        error: isCut ? 'ECONNABORTED' : failure?.code,
        message: isCut ? 'the client closed the stream' : failure?.message,
      },
    );
  }

  /** One event, and no more, for each stream. */
  #write(record: RequestRecord, result: RequestResult): void {
    this.#record = undefined;
    this.#request = undefined;
    this.#context.emit(requestEvent(record, result));
  }

  #failed(error: unknown): void {
    const { message } = failureOf(error);
    this.#exchange?.abort();
    if (!this.#stream.headersSent && !this.#stream.closed && error instanceof Error && error.name === 'ProtocolError')
      this.#reject('status' in error ? Number(error.status) : 400, message);
    else this.#stream.close(NGHTTP2_INTERNAL_ERROR);
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failed(error);
    }
  }
}
