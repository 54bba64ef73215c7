// One client connection: HTTP/1.1 requests enter one after another, each is judged, then forwarded or answered here.
import { Buffer } from 'node:buffer';
import type net from 'node:net';
import type { Emit } from '../../schema/event.ts';
import type { HttpRequest } from '../../schema/request.ts';
import { type Decide, isRefusal, ownRefusal, type Peer } from '../options.ts';
import { now } from '../record.ts';
import type { UpstreamPool } from '../upstream/pool.ts';
import { type BodyFraming, requestFraming } from './body.ts';
import { Exchange, type ExchangeClient, type Outcome } from './exchange.ts';
import { forwardedRequest, keepsAlive, requestedUpgrade } from './forward.ts';
import { ProtocolError, parseRequestHead, type RequestHead } from './head.ts';
import { MessageReader } from './reader.ts';
import { type RequestRecord, requestEvent } from './record.ts';
import { type OwnReply, refusal, renderReply } from './reply.ts';
import { judgedRequest } from './request.ts';
import { type Origin, requestTarget, type Target } from './target.ts';

/** Bytes a client may send ahead before its socket is paused. */
const MAX_AHEAD = 65_536;
/** A refused request's body up to this size is read and dropped, so that the connection survives. */
const MAX_DISCARD = 1_048_576;
/** After the last response the client's bytes are still read for a while: closing over unread bytes resets the response away. */
const LINGER = 2_000;
const HEAD_TIMEOUT = 60_000;
const EMPTY = Buffer.alloc(0);

export interface RelayContext {
  readonly peer: Peer;
  readonly scheme: 'http' | 'https';
  readonly decide: Decide;
  readonly emit: Emit;
  readonly pool: UpstreamPool;
  /** Epoch of the policy set last seen, for refusals that no policy made. */
  readonly epoch: () => number;
  readonly headTimeout?: number | undefined;
}

interface Current {
  readonly request: HttpRequest;
  readonly record: RequestRecord;
  readonly head: RequestHead;
}

type State = 'head' | 'body' | 'response' | 'discard' | 'closed';

export class HttpRelay implements ExchangeClient {
  readonly socket: net.Socket;
  readonly #context: RelayContext;
  readonly #origin: Origin;
  readonly #reader: MessageReader<RequestHead> = new MessageReader(parseRequestHead, 431);
  #state: State = 'head';
  #framing: BodyFraming | undefined;
  #exchange: Exchange | undefined;
  #current: Current | undefined;
  #discarded = 0;
  #hasEnded = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: net.Socket, context: RelayContext) {
    this.socket = socket;
    this.#context = context;
    this.#origin = { name: context.peer.name, port: context.peer.port, scheme: context.scheme };
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
    this.#reader.push(bytes);
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
    if (this.#reader.buffered > MAX_AHEAD || (this.#state === 'body' && this.#exchange?.isReady === false))
      this.socket.pause();
    else this.socket.resume();
  }

  /** @returns whether there may be more to do at once. */
  #step(): boolean {
    if (this.#exchange?.isTunnel) return this.#tunnel();
    switch (this.#state) {
      case 'head':
        return this.#readHead();
      case 'body':
        return this.#sendBody();
      case 'discard':
        return this.#discard();
      default:
        return false;
    }
  }

  #readHead(): boolean {
    // A client that does not read its answers gets no more of them.
    if (this.socket.writableNeedDrain) return false;
    const head = this.#reader.head();
    if (head === undefined) {
      if (this.#reader.buffered > 0) this.#timer ??= this.#headTimer();
      return false;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#framing = requestFraming(head);
    const target = requestTarget(head, this.#origin);
    if ('status' in target) {
      this.#reject(target.status, target.reason, head);
      return false;
    }
    return this.#judge(head, target);
  }

  #judge(head: RequestHead, target: Target): boolean {
    const { peer, scheme, decide } = this.#context;
    const request = judgedRequest(head, target, this.#origin);
    const decision = decide(request);
    const record = { time: now(), peer, scheme, method: head.method, path: target.path, decision };
    if (isRefusal(decision)) return this.#refuse(record, head);
    this.#current = { request, record, head };
    this.#forward(head, target);
    return true;
  }

  #forward(head: RequestHead, target: Target): void {
    const hasBody = this.#framing?.isComplete === false;
    this.#state = hasBody ? 'body' : 'response';
    const forwarded = forwardedRequest(head, target);
    const exchange = new Exchange(this, this.#context.pool, { head, forwarded, hasBody, target: this.#origin });
    this.#exchange = exchange;
    exchange.start();
  }

  #sendBody(): boolean {
    const exchange = this.#exchange;
    if (exchange === undefined || this.#framing === undefined || !exchange.isReady) return false;
    const part = this.#reader.body(this.#framing);
    if (part === undefined) return false;
    if (part.isLast) this.#state = 'response';
    exchange.send(part);
    return true;
  }

  #tunnel(): boolean {
    const bytes = this.#exchange?.isReady ? this.#reader.rest() : undefined;
    if (bytes === undefined) return false;
    this.#exchange?.send({ bytes, isLast: false });
    return true;
  }

  #discard(): boolean {
    const framing = this.#framing;
    if (framing === undefined) return false;
    const part = framing.isComplete ? { bytes: EMPTY, isLast: true } : this.#reader.body(framing);
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
  #refuse(record: RequestRecord, head: RequestHead): boolean {
    const { peer, scheme } = this.#context;
    const url = `${scheme}://${peer.name}:${peer.port}${record.path.split('?', 1)[0] ?? ''}`;
    this.#record(record, { status: 403, bytesIn: 0, bytesOut: 0 });
    const isBounded = (head.contentLength ?? 0) <= MAX_DISCARD;
    // After Expect: 100-continue the client may or may not send its body, so where the next request starts is unknown.
    const expects = head.fields.some(({ name }) => name === 'expect');
    this.#answer(refusal(head.method, url, record.decision), head, isBounded && !expects);
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
    clearTimeout(this.#timer);
    if (last === undefined) this.socket.end();
    else this.socket.end(last);
    this.socket.resume();
    this.#timer = setTimeout(() => this.socket.destroy(), LINGER).unref();
  }

  #ended(): void {
    this.#hasEnded = true;
    if (this.#exchange === undefined) this.#close();
    else this.#exchange.clientEnded();
  }

  #destroyed(): void {
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#exchange?.abort('ECONNABORTED', 'the client closed the connection');
  }
}
