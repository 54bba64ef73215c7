// Accepted connections enter; each is admitted, routed and kept in view until it ends, so that a new policy can end it too.
import type net from 'node:net';
import type { NameService } from '../dns/answer.ts';
import { serveDnsStream } from '../dns/serve.ts';
import { canonicalAddress } from '../names/address.ts';
import { type Destination, isRefusal, ownRefusal } from '../options.ts';
import { Dialer } from '../upstream/dial.ts';
import { UpstreamPool } from '../upstream/pool.ts';
import { type Admission, admit, turnAway } from './admit.ts';
import type { Link } from './link.ts';
import { type Route, route } from './route.ts';

const DNS_PORT = 53;
/** Each connection costs two descriptors; the journal of this process must never run out of them. */
const MAX_CONNECTIONS = 1024;

/** A transparent listener keeps the dialled address as the local one. Source: ip(7), IP_TRANSPARENT. */
function localDestination(socket: net.Socket): Destination {
  return { address: canonicalAddress(socket.localAddress ?? '') ?? '', port: socket.localPort ?? 0 };
}

export class ConnectionServer {
  readonly #admission: Admission;
  readonly #route: Route;
  readonly #dns: NameService;
  readonly #sockets: Set<net.Socket> = new Set();
  readonly #links: Set<Link> = new Set();

  constructor(admission: Admission, dns: NameService) {
    const { options, decide, epoch } = admission;
    const dialer = new Dialer(options.upstream);
    const timeouts = options.upstream.timeouts ?? {};
    this.#admission = admission;
    this.#route = {
      dialer,
      pool: new UpstreamPool(dialer, timeouts.idle),
      ca: options.ca,
      decide,
      emit: options.emit,
      epoch,
      timeouts,
    };
    this.#dns = dns;
  }

  /** Serves one connection; never throws, and whatever fails ends this connection only. */
  async serve(socket: net.Socket): Promise<void> {
    const destination = (this.#admission.options.destinationOf ?? localDestination)(socket);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    try {
      if (this.#sockets.size > MAX_CONNECTIONS) {
        turnAway(socket, destination, this.#own('too many connections'), this.#admission);
      } else if (destination.port === DNS_PORT) {
        serveDnsStream(socket, this.#dns);
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
      const decision = link.judged().map(this.#route.decide).find(isRefusal);
      if (decision !== undefined) link.refuse(decision);
    }
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#route.pool.close();
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
