// Which protocol a client is offered, and the relay for those that choose HTTP/2; nothing of it is loaded before a client asks for it.
import type net from 'node:net';
import type { Dialer, UpstreamTarget } from '../upstream/dial.ts';
import { UpstreamError } from '../upstream/failure.ts';
import type { UpstreamPool } from '../upstream/pool.ts';
import { StreamBudget } from './limits.ts';
import type { Http2Context, Http2Relay } from './relay.ts';
import type { Choice, UpstreamSessions } from './sessions.ts';

export type HttpProtocol = 'h2' | 'http/1.1';

/** How long a server's choice is believed. */
const MEMORY = 300_000;
const MAX_REMEMBERED = 1024;
/** A server that does not answer must not make the client's handshake wait: what fails then fails readably, on a request. */
const PATIENCE = 5_000;

export type ServeHttp2 = (socket: net.Socket, context: Omit<Http2Context, 'sessions' | 'budget'>) => Http2Relay;

interface Remembered {
  readonly protocol: HttpProtocol;
  /** Milliseconds of `performance.now()`. */
  readonly until: number;
}

function keyOf({ name, port }: UpstreamTarget): string {
  return `${name}:${port}`;
}

export class Http2Support {
  readonly #dialer: Dialer;
  readonly #pool: UpstreamPool;
  readonly #idleTimeout: number | undefined;
  readonly #budget: StreamBudget = new StreamBudget();
  readonly #remembered: Map<string, Remembered> = new Map();
  readonly #asking: Map<string, Promise<void>> = new Map();
  #sessions: Promise<UpstreamSessions> | undefined;

  constructor(dialer: Dialer, pool: UpstreamPool, idleTimeout: number | undefined) {
    this.#dialer = dialer;
    this.#pool = pool;
    this.#idleTimeout = idleTimeout;
  }

  /**
   * The protocol to offer a client whose ClientHello names `alpn`: what the server chose, so that requests need no translation.
   * A server that cannot be reached chose nothing; the client learns why when it makes its request.
   */
  async protocolFor(target: UpstreamTarget, alpn: readonly string[]): Promise<HttpProtocol> {
    if (!alpn.includes('h2')) return 'http/1.1';
    // Who speaks nothing else gets it, and is told if the server does not.
    if (!alpn.includes('http/1.1')) return 'h2';
    const known = this.#recall(target);
    if (known !== undefined) return known;
    await this.#ask(target);
    return this.#recall(target) ?? 'http/1.1';
  }

  /** What serves a connection whose client speaks HTTP/2; loaded before its socket is taken, which must not wait then. */
  async server(): Promise<ServeHttp2> {
    const [{ Http2Relay }, sessions] = await Promise.all([import('./relay.ts'), this.#load()]);
    return (socket, context) => new Http2Relay(socket, { ...context, sessions, budget: this.#budget });
  }

  async close(): Promise<void> {
    (await this.#sessions)?.close();
  }

  #recall(target: UpstreamTarget): HttpProtocol | undefined {
    const known = this.#remembered.get(keyOf(target));
    return known !== undefined && known.until > performance.now() ? known.protocol : undefined;
  }

  #remember(target: UpstreamTarget, protocol: HttpProtocol): void {
    const key = keyOf(target);
    this.#remembered.delete(key);
    this.#remembered.set(key, { protocol, until: performance.now() + MEMORY });
    if (this.#remembered.size > MAX_REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value ?? key);
  }

  /** Waits until the server has chosen, or patience is over; the connection is kept for the first request. */
  #ask(target: UpstreamTarget): Promise<void> {
    const key = keyOf(target);
    const asking =
      this.#asking.get(key) ??
      this.#dialer
        .open(target, ['h2', 'http/1.1'])
        .then((socket) => this.#keep({ target, socket }))
        .catch((error: unknown) => {
          if (error instanceof UpstreamError) this.#pool.failed(target, error);
        })
        .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      void asking.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #keep(choice: Choice): Promise<void> {
    const isHttp2 = 'alpnProtocol' in choice.socket && choice.socket.alpnProtocol === 'h2';
    if (!isHttp2) {
      this.#declined(choice);
      return;
    }
    this.#remember(choice.target, 'h2');
    // Until the session listens, an error would end the process.
    const failed = (): void => void choice.socket.destroy();
    choice.socket.on('error', failed);
    (await this.#load()).adopt(choice);
    choice.socket.off('error', failed);
  }

  #declined({ target, socket }: Choice): void {
    this.#remember(target, 'http/1.1');
    this.#pool.adopt(target, socket);
  }

  #load(): Promise<UpstreamSessions> {
    this.#sessions ??= import('./sessions.ts').then(
      ({ UpstreamSessions }) =>
        new UpstreamSessions(this.#dialer, (choice) => this.#declined(choice), this.#idleTimeout),
    );
    return this.#sessions;
  }
}
