// Accepted connections enter; each is admitted, routed and kept in view until it ends, so that a new policy can end it too.
import type net from 'node:net';
import type { NameService } from '../dns/answer.ts';
import { serveDnsStream } from '../dns/serve.ts';
import { Http2Support } from '../http2/support.ts';
import { canonicalAddress } from '../names/address.ts';
import { type Destination, isRefusal, ownRefusal } from '../options.ts';
import { Dialer } from '../upstream/dial.ts';
import { UpstreamPool } from '../upstream/pool.ts';
import { type Admission, admit, ownerOf, turnAway, within } from './admit.ts';
import type { Link } from './link.ts';
import { OwnRequests } from './own-requests.ts';
import { Refusals } from './refusals.ts';
import { type Route, route } from './route.ts';
import { maySplice } from './splice.ts';

const NOW_INSPECTED = 'the policy now in force has to see the requests on this connection';
const DNS_PORT = 53;
/** Milliseconds: the journal waits for what there is to record of the last connections. */
const CLOSE_TIMEOUT = 1_000;
/** Each connection costs two descriptors; the journal of this process must never run out of them. */
const MAX_CONNECTIONS = 1024;

/** A transparent listener keeps the dialled address as the local one. Source: ip(7), IP_TRANSPARENT. */
function localDestination(socket: net.Socket): Destination {
  return { address: canonicalAddress(socket.localAddress ?? '') ?? '', port: socket.localPort ?? 0 };
}

export class ConnectionServer {
  readonly #admission: Admission;
  readonly #route: Route;
  readonly #ownRequests: OwnRequests;
  readonly #dns: NameService;
  readonly #sockets: Set<net.Socket> = new Set();
  readonly #links: Set<Link> = new Set();
  /** Settle with their connections, or when a relay has taken over that hears of the socket's end itself. */
  readonly #served: Set<Promise<void>> = new Set();

  constructor(given: Omit<Admission, 'refusals'>, dns: NameService) {
    const { ca, emit } = given.options;
    const admission = { ...given, refusals: new Refusals(ca, emit) };
    const { options, brokers, decide, epoch } = admission;
    const dialer = new Dialer(options.upstream);
    const timeouts = options.upstream.timeouts ?? {};
    const pool = new UpstreamPool(dialer, timeouts.idle);
    this.#admission = admission;
    this.#route = {
      dialer,
      pool,
      http2: new Http2Support(dialer, pool, timeouts.idle),
      ca: options.ca,
      decide,
      ask: options.ask,
      emit: options.emit,
      epoch,
      brokers,
      reads: options,
      namesTransport: options.namesTransport,
      splices: options.splices,
      certificateRejected: options.certificateRejected,
      refusals: admission.refusals,
      timeouts,
    };
    this.#dns = dns;
    this.#ownRequests = new OwnRequests(this.#route);
    for (const broker of brokers) broker.useOwnRequests?.(this.#ownRequests.send);
  }

  /** Serves one connection; never throws, and whatever fails ends this connection only. */
  serve(socket: net.Socket): void {
    const served = this.#serve(socket);
    this.#served.add(served);
    void served.finally(() => this.#served.delete(served));
  }

  async #serve(socket: net.Socket): Promise<void> {
    const destination = (this.#admission.options.destinationOf ?? localDestination)(socket);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    try {
      if (this.#sockets.size > MAX_CONNECTIONS) {
        turnAway(socket, destination, this.#own('too many connections'), this.#admission);
      } else if (destination.port === DNS_PORT) {
        const owner = await ownerOf(socket, this.#admission.options);
        if (!socket.destroyed) serveDnsStream(socket, this.#dns, owner?.who);
      } else {
        await this.#serveLink(socket, destination);
      }
    } catch {
      if (!socket.destroyed)
        turnAway(socket, destination, this.#own('unexpected failure in the proxy'), this.#admission);
    }
  }

  /** Ends connections that the policy now in force does not permit. */
  rejudge(): void {
    for (const link of this.#links) {
      const { program } = link.peer.attribution;
      const decision = link
        .judged()
        .map((request) => this.#route.decide(request, program))
        .find(isRefusal);
      if (decision !== undefined) link.refuse(decision);
      else if (link.isSpliced && !maySplice(link.peer, this.#route)) link.reject(NOW_INSPECTED);
      else link.relay?.rejudge?.(this.#route.decide);
    }
  }

  /** Ends all connections. Resolves when what became of them is recorded, or when that takes too long. */
  async close(): Promise<void> {
    const closed = [...this.#sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of this.#sockets) socket.destroy();
    for (const { upstream } of this.#links) upstream?.destroy();
    this.#ownRequests.close();
    this.#route.pool.close();
    this.#route.http2.close().catch(() => {});
    await within(Promise.allSettled([...closed, ...this.#served]), CLOSE_TIMEOUT);
  }

  async #serveLink(socket: net.Socket, destination: Destination): Promise<void> {
    const link = await admit(socket, destination, this.#admission);
    if (link === undefined) return;
    this.#links.add(link);
    socket.once('close', () => this.#links.delete(link));
    if (!socket.destroyed) await route(link, this.#route);
    else this.#links.delete(link);
  }

  #own(reason: string): ReturnType<typeof ownRefusal> {
    return ownRefusal(reason, this.#admission.epoch());
  }
}
