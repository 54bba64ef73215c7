// One client connection: HTTP/1.1 requests enter one after another, each is judged, then forwarded or answered here.
import type { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { HttpRequest } from '../../schema/request.ts';
import type { Outgoing, Passage, Refused } from '../exchange/passage.ts';
import { ownRefusal } from '../options.ts';
import { now } from '../record.ts';
import { Exchange, type ExchangeClient } from './exchange.ts';
import { forwardedRequest, keepsAlive, requestedUpgrade } from './forward.ts';
import { ProtocolError, type RequestHead } from './head.ts';
import { type Asked, Intake } from './intake.ts';
import { endAndLinger } from './linger.ts';
import type { Outcome } from './outcome.ts';
import { type RequestRecord, requestEvent } from './record.ts';
import type { Current, RelayContext } from './relay-context.ts';
import { type OwnReply, renderReply } from './reply.ts';
import type { RequestBody } from './request-body.ts';
import type { Origin } from './target.ts';

/** Bytes a client may send ahead before its socket is paused. */
const MAX_AHEAD = 65_536;
/** A refused request's body up to this size is read and dropped, so that the connection survives. */
const MAX_DISCARD = 1_048_576;
const HEAD_TIMEOUT = 60_000;
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

/** `held`: a person or a broker is asked about the request that was read. */
type State = 'head' | 'held' | 'body' | 'response' | 'discard' | 'closed';

export class HttpRelay implements ExchangeClient {
  readonly socket: Duplex;
  readonly #context: RelayContext;
  readonly #origin: Origin;
  readonly #intake: Intake;
  #state: State = 'head';
  #body: RequestBody | undefined;
  #exchange: Exchange | undefined;
  #current: Current | undefined;
  #discarded = 0;
  #hasEnded = false;
  #timer: NodeJS.Timeout | undefined;
  /** Gives up the question about the request that is held. */
  #abandon: AbortController | undefined;

  constructor(socket: Duplex, context: RelayContext) {
    this.socket = socket;
    this.#context = context;
    this.#origin = { name: context.peer.name, port: context.peer.port, scheme: context.scheme };
    this.#intake = new Intake(this.#origin, context.gate, () => socket.write(CONTINUE));
    socket.on('data', (bytes: Buffer) => this.#received(bytes));
    socket.on('drain', () => this.#drained());
    socket.on('error', () => socket.destroy());
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#destroyed());
    socket.resume();
  }

  /** The request in flight, for a new judgement after a policy reload. */
  get request(): HttpRequest | undefined {
    return this.#current?.request;
  }

  /** The upstream takes more of the request. */
  ready(): void {
    this.#pump();
  }

  finished(outcome: Outcome): void {
    const { status, failure, bytesIn, bytesOut, keepAlive } = outcome;
    this.#exchange = undefined;
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    const answersFailure = failure !== undefined && status === undefined && this.#state !== 'closed';
    const failureStatus = failure?.refused ? 403 : 502;
    const refused = failure?.refused ? ownRefusal(failure.message, current.record.decision.epoch) : undefined;
    this.#record(refused === undefined ? current.record : { ...current.record, decision: refused }, {
      status: answersFailure ? failureStatus : status,
      bytesIn,
      bytesOut,
      error: failure?.code,
      message: failure?.message,
    });
    if (answersFailure) {
      this.#answer({ status: failureStatus, message: failure.message }, current.head, false);
    } else if (failure !== undefined) {
      this.socket.destroy();
    } else if (!keepAlive || this.#hasEnded) {
      this.#close();
    } else {
      this.#state = 'head';
      this.socket.resume();
      this.#pump();
    }
  }

  #drained(): void {
    if (this.#exchange === undefined) this.#pump();
    else this.#exchange.clientDrained();
  }

  #received(bytes: Buffer): void {
    if (this.#state === 'closed') return;
    this.#intake.push(bytes);
    this.#pump();
  }

  /** Reads on as far as the state permits; any failure ends this connection and no other. */
  #pump(): void {
    try {
      while (this.#step());
    } catch (error) {
      this.#failed(error);
    }
    if (this.#state === 'closed') return;
    if (this.#intake.buffered > MAX_AHEAD || (this.#state === 'body' && this.#exchange?.isReady === false))
      this.socket.pause();
    else this.socket.resume();
  }

  /** @returns whether there may be more to do at once. */
  #step(): boolean {
    if (this.#exchange?.isTunnel) return this.#tunnel();
    switch (this.#state) {
      case 'head':
        return this.#readRequest();
      case 'body':
        return this.#sendBody();
      case 'discard':
        return this.#discard();
      default:
        return false;
    }
  }

  #readRequest(): boolean {
    // A client that does not read its answers gets no more of them.
    if (this.socket.writableNeedDrain) return false;
    const next = this.#intake.next();
    if (next === undefined) {
      if (this.#intake.isInHead) this.#timer ??= this.#headTimer();
      return false;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if ('status' in next) {
      this.#reject(next.status, next.reason, next.head);
      return false;
    }
    return this.#judge(next);
  }

  #judge(asked: Asked): boolean {
    this.#body = asked.body;
    const { gate } = this.#context;
    const passage = gate.judge(asked.message, () => this.#abandoned(), asked.content);
    if (!(passage instanceof Promise)) return this.#judged(asked, passage);
    this.#state = 'held';
    passage
      .then((settled) => {
        if (this.#state !== 'held') return;
        this.#state = 'head';
        if (this.#judged(asked, settled)) this.#pump();
      })
      .catch((error: unknown) => this.#failed(error));
    return false;
  }

  #abandoned(): AbortSignal {
    this.#abandon = new AbortController();
    return this.#abandon.signal;
  }

  #judged(asked: Asked, passage: Passage): boolean {
    if (!passage.isPermitted) return this.#refuse(passage, asked.head);
    const { request, record } = passage;
    this.#forward(asked, passage.outgoing);
    this.#current = { request, record, head: asked.head };
    this.#exchange?.start();
    return true;
  }

  #forward({ head, target }: Asked, { path, fields, body, response }: Outgoing): void {
    const hasBody = this.#body?.isComplete === false;
    const isReframed = hasBody && body !== undefined && this.#body?.edit(body, head.contentLength) === true;
    const forwarded = forwardedRequest({ ...head, fields }, { ...target, path }, isReframed);
    this.#state = hasBody ? 'body' : 'response';
    const upstream = { ...this.#origin, isUpgrade: requestedUpgrade(head) !== undefined };
    const request = { head, forwarded, hasBody, target: upstream, response };
    this.#exchange = new Exchange(this, this.#context.pool, request);
  }

  #sendBody(): boolean {
    const exchange = this.#exchange;
    if (exchange === undefined || !exchange.isReady) return false;
    const part = this.#body?.next();
    if (part === undefined) return false;
    if (part.isLast) this.#state = 'response';
    exchange.send(part);
    return true;
  }

  #tunnel(): boolean {
    const bytes = this.#exchange?.isReady ? this.#intake.rest() : undefined;
    if (bytes === undefined) return false;
    this.#exchange?.send({ bytes, isLast: false });
    return true;
  }

  #discard(): boolean {
    const part = this.#body?.discard();
    if (part === undefined) return false;
    this.#discarded += part.bytes.length;
    if (this.#discarded > MAX_DISCARD) {
      this.#close();
      return false;
    }
    if (part.isLast) this.#state = 'head';
    return part.isLast;
  }

  /** Policy said no: 403, and the connection lives on if the rest of the request can be skipped. */
  #refuse({ record, reply }: Refused, head: RequestHead): boolean {
    this.#record(record, { status: reply.status, bytesIn: 0, bytesOut: 0 });
    const isBounded = (head.contentLength ?? 0) <= MAX_DISCARD;
    // After Expect: 100-continue the client may or may not send its body, so where the next request starts is unknown.
    const expects = head.fields.some(({ name }) => name === 'expect');
    this.#answer(reply, head, isBounded && !expects);
    return true;
  }

  /** The request could be read in two ways, or names another host: it is recorded as denied and the connection ends. */
  #reject(status: number, reason: string, head: RequestHead | undefined): void {
    const { peer, scheme, epoch } = this.#context;
    const decision = ownRefusal(reason, epoch());
    const record = { time: now(), peer, scheme, method: head?.method ?? '', path: head?.target ?? '', decision };
    this.#record(record, { status, bytesIn: 0, bytesOut: 0 });
    this.#answer({ status, message: reason }, head, false);
  }

  #answer(reply: OwnReply, head: RequestHead | undefined, mayKeep: boolean): void {
    const keep = mayKeep && head !== undefined && keepsAlive(head) && requestedUpgrade(head) === undefined;
    const bytes = renderReply(reply, head, !keep);
    if (!keep) {
      this.#close(bytes);
      return;
    }
    this.socket.write(bytes);
    this.#discarded = 0;
    this.#state = 'discard';
  }

  #failed(error: unknown): void {
    const isProtocol = error instanceof ProtocolError;
    const exchange = this.#exchange;
    if (exchange === undefined && isProtocol && this.#state === 'head') {
      this.#reject(error.status, error.message, undefined);
      return;
    }
    exchange?.abort(isProtocol ? 'EPROTO' : 'EIO', isProtocol ? error.message : 'unexpected failure in the proxy');
    this.socket.destroy();
  }

  #headTimer(): NodeJS.Timeout {
    const timer = setTimeout(
      () => this.#reject(408, 'the request head did not arrive in time', undefined),
      this.#context.headTimeout ?? HEAD_TIMEOUT,
    );
    return timer.unref();
  }

  #record(record: RequestRecord, result: Parameters<typeof requestEvent>[1]): void {
    this.#context.emit(requestEvent(record, result));
  }

  #close(last?: Buffer): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#intake.release();
    this.#abandon?.abort();
    clearTimeout(this.#timer);
    endAndLinger(this.socket, last);
  }

  #ended(): void {
    this.#hasEnded = true;
    if (this.#exchange === undefined) this.#close();
    else this.#exchange.clientEnded();
  }

  #destroyed(): void {
    this.#state = 'closed';
    this.#intake.release();
    this.#abandon?.abort();
    clearTimeout(this.#timer);
    this.#exchange?.abort('ECONNABORTED', 'the client closed the connection');
  }
}
