// One permitted connection: its socket, its peer and its decision enter, and every way it can end leaves as an Event.
import type net from 'node:net';
import type { Emit } from '../../schema/event.ts';
import type { Request } from '../../schema/request.ts';
import { type Decide, type Decision, ownRefusal, type Peer } from '../options.ts';
import { now } from '../record.ts';
import type { FirstBytes } from './first-bytes.ts';
import { type Ended, endedConnection, refusedConnection } from './record.ts';
import type { Refusals } from './refusals.ts';

/** What serves the connection once its protocol is known, if it judges requests of its own. */
export interface RequestJudge {
  readonly request: Request | undefined;
  /** Ends those of its requests that are not permitted any more, where one need not end the connection. */
  rejudge?(decide: Decide): void;
}

export class Link {
  readonly socket: net.Socket;
  readonly peer: Peer;
  readonly time: number = now();
  /** Set when a relay takes over. */
  relay: RequestJudge | undefined;
  /** The other end of a connection that is relayed as it is. */
  upstream: net.Socket | undefined;
  /** TLS is relayed unopened. */
  isSpliced: boolean = false;
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

  /** The verdict on the connection, as it was admitted. */
  get decision(): Decision {
    return this.#decision;
  }

  /** Resets the connection and records why. */
  refuse(decision: Decision): void {
    const { name, port, attribution, request } = this.peer;
    this.socket.resetAndDestroy();
    this.#emit(refusedConnection(now(), { name, address: request.ip, port, who: attribution.who }, decision));
  }

  /** Refuses the connection in the client's own protocol, if it has one to say so, and records why. */
  async deny(reason: string, first: FirstBytes, refusals: Refusals, status?: number): Promise<void> {
    const { name, port, attribution, request } = this.peer;
    const connection = { name, address: request.ip, port, who: attribution.who };
    await refusals.answer(this.socket, connection, ownRefusal(reason, this.#decision.epoch), first, status);
  }

  /** Resets the connection for a reason of Leash's own. */
  reject(reason: string): void {
    this.refuse(ownRefusal(reason, this.#decision.epoch));
  }

  /** Records the end of a connection that was relayed without inspection, or could not be. */
  ended(result: Ended): void {
    this.#emit(endedConnection(this.time, this.peer, this.#decision, result));
  }

  /** Resets the connection and records what failed on its way, which no policy is to blame for. */
  failed(error: string, message: string): void {
    this.socket.resetAndDestroy();
    this.ended({ bytesIn: 0, bytesOut: 0, error, message });
  }
}
