// Requests ask for a connection to a server that speaks HTTP/2; many share one, and more are opened as the server's limit demands.
import http2, {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionRequestOptions,
  type Http2Stream,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type net from 'node:net';
import type { Dialer, UpstreamTarget } from '../upstream/dial.ts';
import { UpstreamError } from '../upstream/failure.ts';
import { CONNECTION_WINDOW, TOWARD_SERVER } from './limits.ts';
import { watch } from './watch.ts';

/** Streams a server permits until it says otherwise (RFC 9113, section 6.5.2: no limit; 100 is what is common). */
const ASSUMED_STREAMS = 100;
/** A server's first frame is its SETTINGS (RFC 9113, section 3.4); one that sends none is asked all the same. */
const SETTINGS_PATIENCE = 1_000;
/** Beyond, streams wait for one another: a server that permits one stream a connection is not flooded with connections. */
const MAX_SESSIONS_PER_TARGET = 8;
/** A server says goodbye before it closes, so an idle connection may be kept longer than one of HTTP/1.1. */
const DEFAULT_IDLE = 30_000;

/** For the errors of streams: each is told by `close` too, and without a listener it would end the process. */
export function ignored(): void {}

/** Takes all listeners off a closed stream: Node keeps streams for longer than what listens should live. */
export function forget(stream: Http2Stream): void {
  stream.removeAllListeners();
  stream.on('error', ignored);
}

/** One connection to a server. */
export class UpstreamSession {
  readonly #session: ClientHttp2Session;
  readonly #freed: () => void;
  #active = 0;
  #limit = 0;
  /** The server said how many streams it permits, took its time, or is gone. */
  readonly settled: Promise<void>;

  /** @param freed called when a request more may be made, and when the connection is gone. */
  constructor(session: ClientHttp2Session, idleTimeout: number, freed: () => void) {
    this.#session = session;
    this.#freed = freed;
    this.settled = new Promise((resolve) => {
      const settle = (limit: number): void => {
        clearTimeout(timer);
        this.#limit = limit;
        resolve();
        freed();
      };
      const timer = setTimeout(settle, SETTINGS_PATIENCE, ASSUMED_STREAMS);
      session.on('remoteSettings', ({ maxConcurrentStreams }) => {
        settle(maxConcurrentStreams ?? Number.POSITIVE_INFINITY);
      });
      session.once('close', () => settle(0));
    });
    // Its streams tell what the error did to them.
    session.on('error', () => {});
    session.setTimeout(idleTimeout, () => {
      if (this.#active === 0) session.close();
    });
  }

  /** Not closing: a request may be made. */
  get isUsable(): boolean {
    return !this.#session.closed && !this.#session.destroyed;
  }

  /** The connection itself is gone. */
  get isLost(): boolean {
    return this.#session.destroyed;
  }

  /** Takes a place for one request; `done` gives it back, when the stream is closed or the request is not made. */
  enter(): boolean {
    if (!this.isUsable || this.#active >= this.#limit) return false;
    this.#active += 1;
    if (this.#active < this.#limit) this.#freed();
    return true;
  }

  /** @throws Error when the connection was closed meanwhile. */
  request(headers: OutgoingHttpHeaders, options: ClientSessionRequestOptions): ClientHttp2Stream {
    const stream = this.#session.request(headers, options);
    stream.on('error', ignored);
    return stream;
  }

  done(): void {
    this.#active -= 1;
    this.#freed();
  }

  onceClosed(act: () => void): void {
    this.#session.once('close', act);
  }

  destroy(): void {
    this.#session.destroy();
  }
}

function keyOf({ scheme, name, port }: UpstreamTarget): string {
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function alpnOf(socket: net.Socket): string | false | null {
  return 'alpnProtocol' in socket ? (socket.alpnProtocol as string | false | null) : null;
}

/** Sockets of the proxy may be open on one side, which HTTP/2 has no use for, and Node's sessions would not notice. */
export function endWhole(socket: net.Socket): void {
  socket.once('end', () => socket.destroy());
}

/** Which protocol a server chose, when it was asked for both. */
export interface Choice {
  readonly target: UpstreamTarget;
  readonly socket: net.Socket;
}

/** Connections by scheme, name and port. */
export class UpstreamSessions {
  readonly #dialer: Dialer;
  readonly #idleTimeout: number;
  /** Is given a connection on which the server did not choose HTTP/2. */
  readonly #declined: (choice: Choice) => void;
  readonly #sessions: Map<string, Set<UpstreamSession>> = new Map();
  readonly #opening: Map<string, Promise<UpstreamSession>> = new Map();
  /** Who wants to make a request, when as many connections as may be are full; the first is the first to go on. */
  readonly #waiting: Map<string, (() => void)[]> = new Map();
  #isClosed = false;

  constructor(dialer: Dialer, declined: (choice: Choice) => void, idleTimeout: number = DEFAULT_IDLE) {
    this.#dialer = dialer;
    this.#declined = declined;
    this.#idleTimeout = idleTimeout;
  }

  /** A connection with a place for one more request, to be given back by `done`. @throws UpstreamError, as a rejection */
  take(target: UpstreamTarget): UpstreamSession | Promise<UpstreamSession> {
    const key = keyOf(target);
    let usable = 0;
    for (const session of this.#sessions.get(key) ?? []) {
      if (session.enter()) return session;
      if (session.isUsable) usable += 1;
    }
    // Whoever waited asks again: the new connection may be taken as a whole by those before it.
    const opening = this.#opening.get(key);
    if (opening !== undefined) return opening.then(async () => this.take(target));
    if (usable >= MAX_SESSIONS_PER_TARGET) return this.#waited(key).then(async () => this.take(target));
    return this.#remember(key, this.#open(target)).then(async () => this.take(target));
  }

  /** Keeps a connection on which the server chose HTTP/2. */
  adopt(choice: Choice): void {
    const key = keyOf(choice.target);
    // One that is being opened stays what others wait for.
    if (this.#opening.has(key)) this.#session(choice).catch(() => {});
    else this.#remember(key, this.#session(choice)).catch(() => {});
  }

  #remember(key: string, opened: Promise<UpstreamSession>): Promise<UpstreamSession> {
    const remembered = opened.finally(() => {
      this.#opening.delete(key);
      this.#freed(key);
    });
    this.#opening.set(key, remembered);
    return remembered;
  }

  #waited(key: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(key) ?? [];
      waiting.push(resolve);
      this.#waiting.set(key, waiting);
    });
  }

  /** As many go on as may; a connection that is gone leaves room for another. */
  #freed(key: string): void {
    const waiting = this.#waiting.get(key);
    waiting?.shift()?.();
    if (waiting?.length === 0) this.#waiting.delete(key);
  }

  /** Usable once the server said how many streams it permits. */
  async #session({ target, socket }: Choice): Promise<UpstreamSession> {
    const key = keyOf(target);
    endWhole(socket);
    const session = http2.connect(key, { ...TOWARD_SERVER, createConnection: () => socket });
    session.once('connect', () => {
      if (!session.destroyed) session.setLocalWindowSize(CONNECTION_WINDOW);
    });
    watch(session, socket, () => session.destroy());
    const kept = new UpstreamSession(session, this.#idleTimeout, () => this.#freed(key));
    const all = this.#sessions.get(key) ?? new Set();
    this.#sessions.set(key, all.add(kept));
    kept.onceClosed(() => {
      all.delete(kept);
      if (all.size === 0 && this.#sessions.get(key) === all) this.#sessions.delete(key);
    });
    if (this.#isClosed) kept.destroy();
    await kept.settled;
    if (!kept.isUsable) throw new UpstreamError('ECONNRESET', `HTTP/2 with ${key}: closed by the server`);
    return kept;
  }

  close(): void {
    this.#isClosed = true;
    for (const all of this.#sessions.values()) for (const session of all) session.destroy();
  }

  async #open(target: UpstreamTarget): Promise<UpstreamSession> {
    const { name, port, scheme } = target;
    // Cleartext: no parent proxy would forward it as requests.
    const dialled =
      scheme === 'http' ? this.#dialer.tcp(name, port, scheme) : this.#dialer.open(target, ['h2', 'http/1.1']);
    const socket = await dialled;
    if (scheme === 'http' || alpnOf(socket) === 'h2') return await this.#session({ target, socket });
    this.#declined({ target, socket });
    throw new UpstreamError('EPROTO', `${name}:${port} does not speak HTTP/2`);
  }
}
