// One permitted connection: its socket, its peer and its decision enter, and every way it can end leaves as an Event.
import type net from 'node:net';
import type { Emit } from '../../schema/event.ts';
import type { Request } from '../../schema/request.ts';
import { type Decision, ownRefusal, type Peer } from '../options.ts';
import { now } from '../record.ts';
import { endedConnection, refusedConnection } from './record.ts';
import type { TunnelResult } from './tunnel.ts';

/** What serves the connection once its protocol is known, if it judges requests of its own. */
export interface RequestJudge {
  readonly request: Request | undefined;
}

export class Link {
  readonly socket: net.Socket;
  readonly peer: Peer;
  readonly time: number = now();
  /** Set when a relay takes over. */
  relay: RequestJudge | undefined;
  readonly #decision: Decision;
  readonly #emit: Emit;

  constructor(socket: net.Socket, peer: Peer, decision: Decision, emit: Emit) {
    this.socket = socket;
    this.peer = peer;
    this.#decision = decision;
    this.#emit = emit;
  }

  /** What must still be permitted for this connection to go on. */
  judged(): readonly Request[] {
    const request = this.relay?.request;
    return request === undefined ? [this.peer.request] : [this.peer.request, request];
  }

  /** Resets the connection and records why. */
  refuse(decision: Decision): void {
    const { name, port, attribution, request } = this.peer;
    this.socket.resetAndDestroy();
    this.#emit(refusedConnection(now(), { name, address: request.ip, port, who: attribution.who }, decision));
  }

  /** Resets the connection for a reason of Leash's own. */
  reject(reason: string): void {
    this.refuse(ownRefusal(reason, this.#decision.epoch));
  }

  /** Records the end of a connection that was relayed without inspection, or could not be. */
  ended(result: TunnelResult & { readonly message?: string }): void {
    this.#emit(endedConnection(this.time, this.peer, this.#decision, result));
  }

  /** Resets the connection and records what failed on its way, which no policy is to blame for. */
  failed(error: string, message: string): void {
    this.socket.resetAndDestroy();
    this.ended({ bytesIn: 0, bytesOut: 0, error, message });
  }
}
