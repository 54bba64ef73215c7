// The network side of one session: listeners and resolver sockets of the sandbox enter, permitted traffic leaves for the real network.
import type { Buffer } from 'node:buffer';
import type dgram from 'node:dgram';
import type net from 'node:net';
import type { ConnectionServer } from './connection/server.ts';
import type { NameService } from './dns/answer.ts';
import type { Decide, ProxyOptions } from './options.ts';

/**
 * Serves the sandbox's connections and DNS queries until closed.
 *
 * It owns what it serves: `close` closes the listeners and sockets given to it. What a connection needs (TLS, HTTP, DNS codec)
 * is loaded when the first one arrives, because most of it is not needed to start.
 */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the word of the field; nothing here needs the ECMAScript Proxy.
export class Proxy {
  readonly #options: ProxyOptions;
  readonly #decide: Decide;
  readonly #servers: Set<net.Server> = new Set();
  readonly #dnsSockets: Set<dgram.Socket> = new Set();
  #epoch = 0;
  #nameService: Promise<NameService> | undefined;
  #connections: Promise<ConnectionServer> | undefined;
  #isClosed = false;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#decide = (request) => {
      const decision = options.decide(request);
      this.#epoch = decision.epoch;
      return decision;
    };
  }

  /** Serves a TCP listener: HTTP, HTTPS, other protocols by name, and DNS on port 53. */
  serve(server: net.Server): void {
    this.#servers.add(server);
    server.on('connection', (socket) => {
      // A reset may come before the modules are loaded; without a listener it would end the process.
      socket.on('error', () => socket.destroy());
      // Asked now, Node keeps both ends' addresses; of a connection that was reset meanwhile they could no longer be told.
      if (socket.localAddress === undefined || socket.remotePort === undefined) return void socket.destroy();
      this.#loadConnections().then(
        (connections) => {
          if (this.#isClosed || socket.destroyed) socket.destroy();
          else void connections.serve(socket);
        },
        () => socket.destroy(),
      );
    });
  }

  /** Serves DNS over UDP. */
  serveDns(socket: dgram.Socket): void {
    this.#dnsSockets.add(socket);
    socket.on('error', () => {});
    socket.on('message', (query, from) => {
      this.#answer(socket, query, from).catch(() => {});
    });
  }

  /** After a policy reload: closes connections that the new policy does not permit, whatever they are doing. */
  rejudge(): void {
    this.#connections?.then((connections) => connections.rejudge()).catch(() => {});
  }

  /** Ends all connections, listeners and resolver sockets. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const socket of this.#dnsSockets) socket.close();
    const closed = [...this.#servers].map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    (await this.#connections)?.close();
    await Promise.all(closed);
  }

  async #answer(socket: dgram.Socket, query: Buffer, from: dgram.RemoteInfo): Promise<void> {
    const service = await this.#loadNameService();
    const { answerDatagram } = await import('./dns/serve.ts');
    const asker = this.#options.asker?.(from.port, from.family === 'IPv6' ? 6 : 4);
    if (!this.#isClosed) answerDatagram(socket, query, from, service, asker?.who);
  }

  #loadNameService(): Promise<NameService> {
    this.#nameService ??= import('./dns/judge.ts').then(({ createNameService }) => {
      const { names, mayConnect, emit } = this.#options;
      return createNameService({ names, mayConnect, emit, decide: this.#decide });
    });
    return this.#nameService;
  }

  #loadConnections(): Promise<ConnectionServer> {
    this.#connections ??= Promise.all([import('./connection/server.ts'), this.#loadNameService()]).then(
      ([{ ConnectionServer }, service]) =>
        new ConnectionServer({ options: this.#options, decide: this.#decide, epoch: () => this.#epoch }, service),
    );
    return this.#connections;
  }
}
