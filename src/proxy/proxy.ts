// The network side of one session: listeners and resolver sockets of the sandbox enter, permitted traffic leaves for the real network.
import type { Buffer } from 'node:buffer';
import type dgram from 'node:dgram';
import type net from 'node:net';
import type { Who } from '../schema/event.ts';
import type { Program } from '../schema/request.ts';
import type { ConnectionServer } from './connection/server.ts';
import type { NameService } from './dns/answer.ts';
import type { Datagram, Decide, ProxyOptions } from './options.ts';
import type { DatagramRelay } from './udp/relay.ts';

/** Of the event loop, in which the report of who asks a question is waited for. */
const ASKER_TURNS = 5;

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
  #loadingRelay: Promise<void> | undefined;
  #relay: DatagramRelay | undefined;
  #isClosed = false;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#decide = (request, program) => {
      const decision = options.decide(request, program);
      this.#epoch = decision.epoch;
      return decision;
    };
  }

  /** Serves a TCP listener: HTTP, HTTPS, other protocols by name, and DNS on port 53. */
  serve(server: net.Server): void {
    if (this.#isClosed) return void server.close();
    this.#servers.add(server);
    server.on('connection', (socket) => {
      // A reset may come before the modules are loaded; without a listener it would end the process.
      socket.on('error', () => socket.destroy());
      // Asked now, Node keeps both ends' addresses; of a connection that was reset meanwhile they could no longer be told.
      if (socket.localAddress === undefined || socket.remotePort === undefined) return void socket.destroy();
      this.#loadConnections().then(
        (connections) => {
          if (this.#isClosed || socket.destroyed) socket.destroy();
          else connections.serve(socket);
        },
        () => socket.destroy(),
      );
    });
  }

  /** Serves DNS over UDP. */
  serveDns(socket: dgram.Socket): void {
    // Left open, it would keep this process alive after its session.
    if (this.#isClosed) return void socket.close();
    this.#dnsSockets.add(socket);
    socket.on('error', () => {});
    socket.on('message', (query, from) => {
      this.#answer(socket, query, from).catch(() => {});
    });
  }

  /** Relays a datagram, or answers that nobody is there. */
  receive(datagram: Datagram): void {
    if (this.#isClosed) return;
    if (this.#relay !== undefined) this.#relay.receive(datagram);
    else
      this.#loadRelay().then(
        () => this.receive(datagram),
        () => undefined,
      );
  }

  /** Whether datagrams of this program pass to this address and port already. */
  isFlowing(program: Program, address: string, port: number): boolean {
    return this.#relay?.isFlowing(program, address, port) ?? false;
  }

  /** After a policy reload: closes connections that the new policy does not permit, whatever they are doing. */
  rejudge(): void {
    this.#connections?.then((connections) => connections.rejudge()).catch(() => {});
    this.#relay?.rejudge();
  }

  /** Ends all connections, listeners and resolver sockets. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const socket of this.#dnsSockets) socket.close();
    this.#relay?.close();
    const closed = [...this.#servers].map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    await (await this.#connections)?.close();
    await Promise.all(closed);
  }

  async #answer(socket: dgram.Socket, query: Buffer, from: dgram.RemoteInfo): Promise<void> {
    const service = await this.#loadNameService();
    const { answerDatagram } = await import('./dns/serve.ts');
    const asker = await this.#asker(from);
    if (!this.#isClosed) answerDatagram(socket, query, from, service, asker);
  }

  /** For the record only. The report travels another way, and may come a moment later than the question. */
  async #asker(from: dgram.RemoteInfo): Promise<Who | undefined> {
    const { sender } = this.#options;
    for (let turn = 0; turn < ASKER_TURNS; turn++) {
      const asker = sender?.(from);
      if (asker !== undefined) return asker.who;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return undefined;
  }

  /** What arrives meanwhile waits its turn, in order. */
  #loadRelay(): Promise<void> {
    this.#loadingRelay ??= import('./udp/relay.ts').then(({ DatagramRelay }) => {
      const { answers } = this.#options;
      if (answers === undefined || this.#isClosed) throw new Error('no datagram is relayed');
      const context = { options: this.#options, answers, decide: this.#decide, epoch: () => this.#epoch };
      this.#relay = new DatagramRelay(context);
    });
    return this.#loadingRelay;
  }

  #loadNameService(): Promise<NameService> {
    this.#nameService ??= import('./dns/judge.ts').then(({ createNameService }) => {
      const { names, mayConnect, emit, ask, namesType, upstream } = this.#options;
      const { nameServers: servers } = upstream;
      return createNameService({
        names,
        mayConnect,
        emit,
        decide: this.#decide,
        ...(ask && { ask }),
        ...(namesType && { namesType }),
        ...(servers && { servers }),
      });
    });
    return this.#nameService;
  }

  #loadConnections(): Promise<ConnectionServer> {
    const { brokers } = this.#options;
    this.#connections ??= Promise.all([
      import('./connection/server.ts'),
      this.#loadNameService(),
      brokers?.() ?? [],
    ]).then(
      ([{ ConnectionServer }, service, loaded]) =>
        new ConnectionServer(
          { options: this.#options, brokers: loaded, decide: this.#decide, epoch: () => this.#epoch },
          service,
        ),
    );
    return this.#connections;
  }
}
