// One client connection that speaks HTTP/2: its streams enter and are served beside one another, each judged for itself.
import http2, {
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type net from 'node:net';
import { requestEvent } from '../http/record.ts';
import { type Decide, ownRefusal } from '../options.ts';
import { now } from '../record.ts';
import { CONNECTION_WINDOW, ResetCounter, TOWARD_CLIENT } from './limits.ts';
import type { RawHeaders } from './message.ts';
import { endWhole, forget, ignored } from './sessions.ts';
import { type OpenedStream, type StreamContext, StreamRelay } from './stream.ts';
import { watch } from './watch.ts';

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;
/** For the client's preface. */
const PREFACE_TIMEOUT = 60_000;

export interface Http2Context extends Omit<StreamContext, 'retire'> {
  readonly headTimeout?: number | undefined;
  /** Called when the client has said something. */
  readonly spoke?: (() => void) | undefined;
}

export class Http2Relay {
  /** Requests are judged again stream by stream, not by the connection. */
  readonly request: undefined;
  /** The connection is closed, and what became of its streams is recorded. */
  readonly over: Promise<void>;
  readonly #session: ServerHttp2Session;
  readonly #context: StreamContext;
  readonly #streams: Set<StreamRelay> = new Set();
  readonly #resets: ResetCounter = new ResetCounter();
  #settle: (() => void) | undefined;
  /** A stream was opened, or why none could be is recorded. */
  #hasAsked = false;

  /** @param socket whose handshake, if it is TLS, is complete. */
  constructor(socket: net.Socket, { headTimeout, spoke, ...context }: Http2Context) {
    endWhole(socket);
    const session = http2.performServerHandshake(socket, TOWARD_CLIENT);
    this.#session = session;
    this.#context = { ...context, retire: () => session.close() };
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number, raw: RawHeaders) =>
      this.#opened({ stream, headers, flags, raw }),
    );
    session.on('error', (error) => this.#failed(error));
    this.over = new Promise((resolve) => {
      session.once('close', () => {
        // Nobody connects in cleartext, knowing what the server speaks, to say nothing: what was said was no request.
        if (!this.#hasAsked && context.scheme === 'http') this.#record('HTTP/2 without a request');
        this.#settle = resolve;
        this.#settled();
      });
    });
    session.setTimeout(headTimeout ?? PREFACE_TIMEOUT, () => session.destroy());
    watch(session, socket, () => this.#broken('HTTP/2: a frame that ends the connection'));
    session.once('remoteSettings', () => {
      spoke?.();
      session.setTimeout(0);
      if (!session.destroyed) session.setLocalWindowSize(CONNECTION_WINDOW);
    });
    // Node waits for this event on a server's socket that did not come from one of its own servers, and never gets it.
    if ('encrypted' in socket) socket.emit('secureConnect');
  }

  /** After a policy reload. */
  rejudge(decide: Decide): void {
    for (const stream of this.#streams) stream.rejudge(decide);
  }

  #opened(opened: OpenedStream): void {
    const { stream } = opened;
    this.#hasAsked = true;
    const { budget } = this.#context;
    stream.on('error', ignored);
    if (!budget.enter()) {
      this.#record('too many requests at once');
      stream.close(NGHTTP2_REFUSED_STREAM);
      return;
    }
    const relay = new StreamRelay(opened, this.#context);
    this.#streams.add(relay);
    stream.on('close', () => {
      this.#streams.delete(relay);
      budget.leave();
      relay.closed();
      if (stream.rstCode !== NGHTTP2_NO_ERROR && !relay.isAnswered) this.#wasReset();
      forget(stream);
      this.#settled();
    });
    relay.begin();
  }

  #settled(): void {
    if (this.#streams.size === 0) this.#settle?.();
  }

  #wasReset(): void {
    if (this.#session.destroyed || !this.#resets.add()) return;
    this.#broken('too many requests were made only to be reset');
  }

  #broken(reason: string): void {
    this.#record(reason);
    this.#session.destroy(undefined, NGHTTP2_ENHANCE_YOUR_CALM);
  }

  /** The client broke the protocol, or a limit; that it merely went away is nothing to record. */
  #failed(error: Error): void {
    if (!('code' in error) || !/^ERR_HTTP2/.test(String(error.code))) return;
    this.#record(`HTTP/2: ${error.message}`);
  }

  #record(reason: string): void {
    this.#hasAsked = true;
    const { peer, scheme, epoch, emit } = this.#context;
    const decision = ownRefusal(reason, epoch());
    const record = { time: now(), peer, scheme, method: '', path: '', decision };
    emit(requestEvent(record, { status: undefined, bytesIn: 0, bytesOut: 0, error: 'EPROTO' }));
  }
}
