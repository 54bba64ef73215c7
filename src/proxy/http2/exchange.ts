// One permitted request on its way: parts of the client's stream enter, the server's answer leaves, and at the end what happened.
import type { Buffer } from 'node:buffer';
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Outgoing, ResponseEdit } from '../exchange/passage.ts';
import { IDEMPOTENT } from '../http/exchange.ts';
import { type Field, ProtocolError } from '../http/head.ts';
import { type Failure, failureOf } from '../http/outcome.ts';
import type { UpstreamTarget } from '../upstream/dial.ts';
import type { StreamBudget } from './limits.ts';
import {
  codeName,
  forwardedInterim,
  forwardedRequest,
  forwardedResponse,
  forwardedTrailers,
  type RawHeaders,
  readResponse,
  readTrailers,
  type StreamRequest,
} from './message.ts';
import { forget, type UpstreamSession, type UpstreamSessions } from './sessions.ts';
import { BodyTransfer } from './transfer.ts';

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } =
  constants;

const MAX_INTERIM = 64;

export interface ExchangeRequest {
  readonly asked: StreamRequest;
  /** As the client sent them. */
  readonly received: IncomingHttpHeaders;
  readonly hasBody: boolean;
  /** What was read of the body before it was judged, and whether that is all. */
  readonly ahead: readonly Buffer[];
  readonly isAhead: boolean;
  readonly outgoing: Outgoing;
}

export interface ExchangeServices {
  readonly target: UpstreamTarget;
  readonly sessions: UpstreamSessions;
  readonly budget: StreamBudget;
  /** The exchange failed before anything was answered; called once at most. */
  readonly unanswered: (failure: Failure) => void;
  /** What was read ahead of the body is not held here any more. */
  readonly aheadSent: () => void;
}

export class StreamExchange {
  readonly #client: ServerHttp2Stream;
  readonly #request: ExchangeRequest;
  readonly #services: ExchangeServices;
  #session: UpstreamSession | undefined;
  #upstream: ClientHttp2Stream | undefined;
  #up: BodyTransfer | undefined;
  #down: BodyTransfer | undefined;
  #requestTrailers: readonly Field[] = [];
  #trailers: readonly Field[] = [];
  #length: number | undefined;
  #isRequestDone: boolean;
  #isRetried = false;
  #interims = 0;
  #isComplete = false;
  #areTrailersSent = false;

  status: number | undefined;
  failure: Failure | undefined;
  grpcStatus: string | undefined;

  constructor(client: ServerHttp2Stream, request: ExchangeRequest, services: ExchangeServices) {
    this.#client = client;
    this.#request = request;
    this.#services = services;
    this.#isRequestDone = !request.hasBody;
  }

  /** The server's answer arrived as a whole. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Of content, from the server and to it. */
  get bytes(): { readonly bytesIn: number; readonly bytesOut: number } {
    return { bytesIn: this.#down?.received ?? 0, bytesOut: this.#up?.sent ?? 0 };
  }

  start(): void {
    if (this.#request.hasBody)
      this.#client.on('trailers', (_headers: IncomingHttpHeaders, _flags: number, raw: RawHeaders) =>
        this.#guard(() => {
          this.#requestTrailers = readTrailers(raw);
        }),
      );
    this.#open();
  }

  /** The client is gone, or its request is not permitted any more. */
  abort(): void {
    this.#up?.stop();
    this.#down?.stop();
    this.#upstream?.close(this.#client.rstCode === NGHTTP2_NO_ERROR ? NGHTTP2_CANCEL : this.#client.rstCode);
  }

  #open(): void {
    const session = this.#services.sessions.take(this.#services.target);
    if (!(session instanceof Promise)) this.#send(session);
    else
      session
        .then((opened) => this.#send(opened))
        .catch((error: unknown) => {
          this.#fail(failureOf(error));
        });
  }

  #send(session: UpstreamSession): void {
    const upstream = this.#begin(session);
    if (upstream === undefined) return;
    this.#session = session;
    this.#upstream = upstream;
    // What fails in a listener ends this exchange and nothing else.
    upstream.on('headers', (_headers: IncomingHttpHeaders, _flags: number, raw: RawHeaders) =>
      this.#guard(() => this.#interim(raw)),
    );
    upstream.on('response', (answered: IncomingHttpHeaders, flags: number, raw: RawHeaders) =>
      this.#guard(() => this.#respond(upstream, answered, flags, raw)),
    );
    upstream.on('trailers', (_headers: IncomingHttpHeaders, _flags: number, raw: RawHeaders) =>
      this.#guard(() => {
        this.#trailers = readTrailers(raw);
      }),
    );
    upstream.on('close', () => {
      session.done();
      this.#guard(() => this.#upstreamClosed(upstream));
      forget(upstream);
    });
    if (this.#request.hasBody) this.#sendBody(upstream);
  }

  /** Makes the request, if it is still wanted; else its place is given back. */
  #begin(session: UpstreamSession): ClientHttp2Stream | undefined {
    let upstream: ClientHttp2Stream | undefined;
    try {
      if (this.#client.closed || this.failure !== undefined) return undefined;
      const { asked, outgoing, received, hasBody } = this.#request;
      const headers = forwardedRequest(asked, this.#services.target.scheme, outgoing, received);
      upstream = session.request(headers, { endStream: !hasBody, waitForTrailers: hasBody });
      return upstream;
    } finally {
      if (upstream === undefined) session.done();
    }
  }

  #sendBody(upstream: ClientHttp2Stream): void {
    const { outgoing, ahead, isAhead } = this.#request;
    upstream.on('wantTrailers', () =>
      this.#guard(() => upstream.sendTrailers(forwardedTrailers(this.#requestTrailers))),
    );
    this.#up = new BodyTransfer(this.#client, upstream, outgoing.body, this.#services.budget, {
      done: () => {
        // A reset that Node reports as an end (its code was NO_ERROR) is no end.
        if (this.#client.closed && !this.#isComplete) return;
        this.#isRequestDone = true;
        upstream.end();
      },
      failed: (error) => this.#fail(failureOf(error)),
    });
    this.#up.start(ahead, isAhead);
    this.#services.aheadSent();
  }

  #interim(raw: RawHeaders): void {
    // Brokers see final responses only: of an interim one nothing that they would have to look at is passed on.
    const headers = forwardedInterim(raw, this.#request.outgoing.response !== undefined);
    this.#interims += 1;
    // They are not subject to flow control, so a client that does not read could not stop them.
    if (headers === undefined || this.#interims > MAX_INTERIM)
      throw new ProtocolError('bad response: interim responses without end, or with no meaning', 502);
    if (!this.#client.closed && !this.#client.headersSent) this.#client.additionalHeaders(headers);
  }

  #respond(upstream: ClientHttp2Stream, answered: IncomingHttpHeaders, flags: number, raw: RawHeaders): void {
    const client = this.#client;
    if (client.closed || client.headersSent) return;
    const head = readResponse(raw);
    const { message } = this.#request.asked;
    const edit = this.#request.outgoing.response?.(head) ?? { fields: head.fields };
    const hasEnded = (flags & NGHTTP2_FLAG_END_STREAM) !== 0;
    const isBare = hasEnded || message.method === 'HEAD' || head.status === 204 || head.status === 304;
    client.respond(forwardedResponse(head.status, edit, answered), { endStream: isBare, waitForTrailers: !isBare });
    this.status = head.status;
    this.#note(head.fields);
    if (isBare) {
      this.#isComplete = true;
      this.#areTrailersSent = true;
      upstream.resume();
    } else {
      this.#relayBody(upstream, head.fields, edit);
    }
  }

  #relayBody(upstream: ClientHttp2Stream, fields: readonly Field[], edit: ResponseEdit): void {
    const client = this.#client;
    const length = fields.find(({ name }) => name === 'content-length')?.value;
    this.#length = length === undefined ? undefined : Number(length);
    client.on('wantTrailers', () =>
      this.#guard(() => {
        client.sendTrailers(forwardedTrailers(this.#editedTrailers(edit)));
        this.#areTrailersSent = true;
        this.#letGo();
      }),
    );
    this.#down = new BodyTransfer(upstream, client, edit.body, this.#services.budget, {
      done: () => this.#responseDone(),
      failed: (error) => this.#fail(failureOf(error)),
    });
    this.#down.start();
  }

  #editedTrailers({ body, trailers }: ResponseEdit): readonly Field[] {
    if (trailers !== undefined) return trailers(this.#trailers);
    if (body?.changes !== true) return this.#trailers;
    return this.#trailers.filter(({ name, value }) => name === 'grpc-status' && /^\d{1,2}$/.test(value));
  }

  #note(fields: readonly Field[]): void {
    const status = fields.find(({ name }) => name === 'grpc-status')?.value;
    if (status !== undefined && /^\d{1,3}$/.test(status)) this.grpcStatus = status;
  }

  #responseDone(): void {
    if (this.#length !== undefined && this.#down?.received !== this.#length)
      throw new ProtocolError('bad response: not as long as it says', 502);
    this.#note(this.#trailers);
    this.#isComplete = true;
    this.#client.end();
  }

  #upstreamClosed(upstream: ClientHttp2Stream): void {
    if (upstream !== this.#upstream) return;
    this.#up?.stop();
    if (this.#isComplete) {
      this.#letGo();
      return;
    }
    this.#down?.stop();
    if (this.#client.closed || this.failure !== undefined) return;
    if (this.#mayRetry(upstream)) {
      this.#isRetried = true;
      this.#open();
    } else if (this.#session?.isLost) {
      this.#fail({
        code: 'ECONNRESET',
        message: 'the server closed the connection before its answer was complete',
        refused: false,
      });
    } else {
      this.#wasReset(upstream.rstCode);
    }
  }

  /** What the server says by a reset is for the client to read: gRPC has statuses for each code. */
  #wasReset(code: number): void {
    this.failure = { code: 'ECONNRESET', message: `the server reset the stream: ${codeName(code)}`, refused: false };
    this.#client.close(code === NGHTTP2_NO_ERROR ? NGHTTP2_INTERNAL_ERROR : code);
  }

  /** A refused stream was not acted on (RFC 9113, section 8.7); one on a lost connection may have been. */
  #mayRetry(upstream: ClientHttp2Stream): boolean {
    if (this.#isRetried || this.#request.hasBody || this.status !== undefined) return false;
    if (upstream.rstCode === NGHTTP2_REFUSED_STREAM) return true;
    return this.#session?.isLost === true && IDEMPOTENT.has(this.#request.asked.message.method);
  }

  /** The server answered without reading the whole request: the client need not send the rest (RFC 9113, section 8.1). */
  #letGo(): void {
    if (this.#isRequestDone || !this.#areTrailersSent || this.#upstream?.closed !== true) return;
    setImmediate(() => this.#client.close(NGHTTP2_NO_ERROR));
  }

  #fail(failure: Failure): void {
    if (this.failure !== undefined) return;
    this.failure = failure;
    this.#up?.stop();
    this.#down?.stop();
    this.#upstream?.close(NGHTTP2_CANCEL);
    if (this.#client.closed) return;
    if (this.#client.headersSent) this.#client.close(NGHTTP2_INTERNAL_ERROR);
    else this.#services.unanswered(failure);
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(failureOf(error));
    }
  }
}
