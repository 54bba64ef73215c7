// One request and its response: request parts enter from the client's side, response bytes leave to it, and at the end what happened.
import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { Outgoing } from '../exchange/passage.ts';
import type { UpstreamTarget } from '../upstream/dial.ts';
import { lossFailure } from '../upstream/failure.ts';
import type { UpstreamConnection, UpstreamOwner, UpstreamPool } from '../upstream/pool.ts';
import { type BodyFraming, responseFraming } from './body.ts';
import { EditedBody } from './edited-body.ts';
import { forwardedResponse, keepAliveHint, keepsAlive, requestedUpgrade, withFields } from './forward.ts';
import { ProtocolError, parseResponseHead, type RequestHead, type ResponseHead } from './head.ts';
import { type Failure, failureOf, type Outcome } from './outcome.ts';
import { type BodyPart, MessageReader } from './reader.ts';
import { Switched } from './switched.ts';

/** Safe to send twice (RFC 9110, section 9.2.2). */
export const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

export interface ExchangeClient {
  readonly socket: Duplex;
  /** Request body, or bytes after an upgrade, can be sent now. */
  ready(): void;
  /** Called once. */
  finished(outcome: Outcome): void;
}

export interface ExchangeRequest {
  readonly head: RequestHead;
  /** The head to send upstream. */
  readonly forwarded: string;
  readonly hasBody: boolean;
  readonly target: UpstreamTarget;
  readonly response: Outgoing['response'] | undefined;
}

/** Interim responses to one request. A server may send one now and then (102, 103); without end they would fill memory. */
const MAX_INTERIM = 100;
const NOTHING = Buffer.alloc(0);

const uncork = (socket: Duplex): void => socket.uncork();

export class Exchange implements UpstreamOwner {
  readonly #client: ExchangeClient;
  readonly #pool: UpstreamPool;
  readonly #request: ExchangeRequest;
  readonly #response: MessageReader<ResponseHead> = new MessageReader(parseResponseHead, 502);
  #connection: UpstreamConnection | undefined;
  #head: ResponseHead | undefined;
  #framing: BodyFraming | undefined;
  #edited: EditedBody | undefined;
  #isRequestSent: boolean;
  #hasResponseBytes = false;
  #isRetried = false;
  #isFinished = false;
  #switched: Switched | undefined;
  #interim = 0;
  #bytesIn = 0;
  #bytesOut = 0;

  constructor(client: ExchangeClient, pool: UpstreamPool, request: ExchangeRequest) {
    this.#client = client;
    this.#pool = pool;
    this.#request = request;
    this.#isRequestSent = !request.hasBody;
  }

  /** Whether the connection stopped being HTTP (RFC 9110, section 15.2.2). */
  get isTunnel(): boolean {
    return this.#switched !== undefined;
  }

  get isReady(): boolean {
    if (this.#connection === undefined) return false;
    return this.#switched?.isReady ?? !this.#connection.socket.writableNeedDrain;
  }

  start(): void {
    const idle = this.#pool.takeIdle(this.#request.target);
    if (idle === undefined) this.#open();
    else this.#attach(idle);
  }

  /** Sends a part of the request body. */
  send({ bytes, isLast }: BodyPart): void {
    if (isLast) this.#isRequestSent = true;
    this.#bytesOut += bytes.length;
    if (this.#switched !== undefined) this.#switched.fromClient(bytes);
    else if (bytes.length > 0) this.#connection?.socket.write(bytes);
  }

  /** The client took what was written to it. */
  clientDrained(): void {
    if (this.isTunnel) this.drained();
    else this.#connection?.socket.resume();
  }

  /** The client sends no more. Before its answer is complete that means it is gone, as nginx and Go read it: nothing else tells. */
  clientEnded(): void {
    if (this.#switched !== undefined) this.#connection?.socket.end();
    else this.abort('ECONNABORTED', 'the client closed the connection');
  }

  /** Ends the exchange now; the upstream connection is not used again. */
  abort(code: string, message: string): void {
    this.#finish({ code, message, refused: false }, false);
  }

  received(bytes: Buffer): void {
    this.#hasResponseBytes = true;
    try {
      if (this.#switched !== undefined) {
        this.#bytesIn += bytes.length;
        this.#switched.fromServer(bytes);
        return;
      }
      this.#response.push(bytes);
      this.#readResponse();
    } catch (error) {
      this.#finish(failureOf(error), false);
    }
  }

  drained(): void {
    this.#switched?.drained();
    this.#client.ready();
  }

  lost(error: Error | undefined): void {
    const wasReused = this.#connection?.isReused ?? false;
    if (this.#switched !== undefined) {
      this.#finish(undefined, false);
    } else if (this.#framing?.endsWithConnection && error === undefined) {
      this.#endOfConnection();
    } else if (wasReused && this.#isReplayable()) {
      this.#isRetried = true;
      this.#connection?.destroy();
      this.#connection = undefined;
      this.#open();
    } else {
      this.#finish(failureOf(lossFailure(error)), false);
    }
  }

  /** A reused connection may have been closing already; the request is sent again if the server cannot have acted on it. */
  #isReplayable(): boolean {
    if (this.#isRetried || this.#hasResponseBytes || this.#bytesOut > 0) return false;
    return !this.#isRequestSent || IDEMPOTENT.has(this.#request.head.method);
  }

  #open(): void {
    this.#pool.open(this.#request.target).then(
      (connection) => {
        if (this.#isFinished) this.#pool.release(connection, undefined);
        else this.#attach(connection);
      },
      (error: unknown) => this.#finish(failureOf(error), false),
    );
  }

  #attach(connection: UpstreamConnection): void {
    this.#connection = connection;
    // It may have been lost since it was opened, when nobody was there to be told.
    if (!connection.isUsable) {
      this.lost(undefined);
      return;
    }
    connection.own(this);
    connection.socket.cork();
    connection.sendHead(this.#request.forwarded, this.#request.target);
    this.#client.ready();
    connection.socket.uncork();
  }

  #readResponse(): void {
    while (this.#head === undefined) {
      const head = this.#response.head();
      if (head === undefined) return;
      if (head.status === 101) {
        this.#switchProtocols(head);
        return;
      }
      if (head.status < 200) this.#forwardInterim(head);
      else this.#begin(head);
    }
    this.#readBody();
  }

  #forwardInterim(head: ResponseHead): void {
    if (++this.#interim > MAX_INTERIM) throw new ProtocolError('too many interim responses', 502);
    // RFC 9110, section 15.2: none to an HTTP/1.0 client.
    if (this.#request.head.isHttp10) return;
    const shown = this.#request.response === undefined ? head : withFields(head, []);
    this.#client.socket.write(forwardedResponse(shown, undefined), 'latin1');
  }

  #begin(head: ResponseHead): void {
    this.#connection?.checkStatus(head.status);
    // First: when it throws, nothing was sent yet and the client can be told.
    const edit = this.#request.response?.(head);
    this.#framing = responseFraming(head, this.#request.head.method);
    this.#head = head;
    const length = edit?.body?.keepsLength ? head.contentLength : undefined;
    const isChunked = !this.#request.head.isHttp10 && length === undefined;
    if (edit?.body && !this.#framing.isComplete)
      this.#edited = new EditedBody(edit.body, isChunked, length, (bytes) => this.#write(bytes));
    const isReframed = this.#edited?.changes === true && length === undefined;
    const framing = isReframed ? (isChunked ? 'chunked' : 'close') : undefined;
    const shown = edit === undefined ? head : withFields(head, edit.fields);
    this.#cork();
    this.#client.socket.write(forwardedResponse(shown, this.#keepsClient() ? undefined : 'close', framing), 'latin1');
  }

  /** The body ended with the connection: what a filter held back is its last part. */
  #endOfConnection(): void {
    try {
      if (this.#edited !== undefined) this.#write(this.#edited.bytes(NOTHING, true));
      this.#finish(undefined, false);
    } catch (error) {
      this.#finish(failureOf(error), false);
    }
  }

  #readBody(): void {
    const framing = this.#framing;
    if (framing === undefined) return;
    if (!framing.isComplete) {
      const part = this.#response.body(framing, this.#edited?.take);
      if (part === undefined) return;
      this.#bytesIn += part.bytes.length;
      this.#write(this.#edited?.bytes(part.bytes, part.isLast) ?? part.bytes);
    }
    if (framing.isComplete) this.#finish(undefined, this.#keepsClient() && this.#isRequestSent);
  }

  #switchProtocols(head: ResponseHead): void {
    const connection = this.#connection as UpstreamConnection;
    if (requestedUpgrade(this.#request.head) === undefined)
      throw new ProtocolError('101 without a request for it', 502);
    const edit = this.#request.response?.(head);
    this.#head = head;
    const shown = edit === undefined ? head : withFields(head, edit.fields);
    this.#client.socket.write(forwardedResponse(shown, 'Upgrade'), 'latin1');
    const ends = {
      client: this.#client.socket,
      server: connection.socket,
      toClient: (bytes: Buffer) => this.#write(bytes),
      close: () => {
        connection.end();
        this.#finish(undefined, false);
      },
    };
    this.#switched = new Switched(ends, edit ?? {});
    const rest = this.#response.rest();
    if (rest !== undefined) this.received(rest);
    this.#client.ready();
  }

  #keepsClient(): boolean {
    return keepsAlive(this.#request.head) && this.#framing?.endsWithConnection === false;
  }

  /** Gathers what is written in one turn into one TLS record and one system call. */
  #cork(): void {
    const { socket } = this.#client;
    if (socket.writableCorked > 0) return;
    socket.cork();
    process.nextTick(uncork, socket);
  }

  #write(bytes: Buffer): void {
    this.#cork();
    if (bytes.length > 0 && !this.#client.socket.write(bytes)) this.#connection?.socket.pause();
  }

  #finish(failure: Failure | undefined, keepAlive: boolean): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    const connection = this.#connection;
    this.#connection = undefined;
    const head = this.#head;
    const isClean = failure === undefined && this.#isRequestSent && this.#response.buffered === 0 && !this.isTunnel;
    if (connection !== undefined && isClean && head !== undefined && keepsAlive(head) && !this.#request.head.isHttp10) {
      this.#pool.release(connection, keepAliveHint(head));
    } else {
      connection?.destroy();
    }
    this.#switched?.end();
    this.#client.finished({
      status: head?.status,
      failure,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      keepAlive,
    });
  }
}
