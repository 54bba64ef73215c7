// Requests ask for a connection to a target, idle ones are given first; one owner at a time, and none after anything unexpected.
import type { Buffer } from 'node:buffer';
import type net from 'node:net';
import { absoluteForm } from './absolute-form.ts';
import { authenticationFailure } from './connect-through.ts';
import type { Dialer, UpstreamTarget } from './dial.ts';
import type { UpstreamError } from './failure.ts';
import type { ParentProxy } from './parent-proxies.ts';

/** As undici: below the 5 s after which common servers close, so that a request seldom meets a closing connection. */
const DEFAULT_IDLE = 4_000;
/** However long a server promises. */
const MAX_IDLE = 60_000;
/** Taken off a server's promise, for the time the close takes to arrive. */
const IDLE_MARGIN = 1_000;
/** For what is still to be sent on a connection that is over. */
const LAST_WORDS = 2_000;
const MAX_IDLE_PER_TARGET = 64;
/** For the request that the client makes when its handshake is complete. */
const FAILURE_MEMORY = 2_000;
/** Each is a descriptor; an agent that visits many hosts must not use up those of this process. */
const MAX_IDLE_IN_ALL = 256;

/** Who uses a connection now. */
export interface UpstreamOwner {
  received(bytes: Buffer): void;
  drained(): void;
  /** The connection ended or failed; called once at most. */
  lost(error: Error | undefined): void;
}

/** One connection to an upstream server, idle or owned. */
export class UpstreamConnection {
  readonly socket: net.Socket;
  readonly key: string;
  isReused = false;
  /** The parent proxy that forwards the requests on this connection, if one does. */
  readonly #forwarder: ParentProxy | undefined;
  #owner: UpstreamOwner | undefined;
  #isLost = false;

  constructor(socket: net.Socket, key: string, forwarder?: ParentProxy) {
    this.socket = socket;
    this.key = key;
    this.#forwarder = forwarder;
    socket.on('data', (bytes: Buffer) => {
      // Bytes nobody asked for could be taken for the next answer.
      if (this.#owner === undefined) socket.destroy();
      else this.#owner.received(bytes);
    });
    socket.on('drain', () => this.#owner?.drained());
    socket.on('end', () => this.#lose(undefined));
    socket.on('error', (error) => this.#lose(error));
    socket.on('close', () => this.#lose(undefined));
    socket.on('timeout', () => socket.destroy());
  }

  get isUsable(): boolean {
    return !this.#isLost && !this.socket.destroyed;
  }

  own(owner: UpstreamOwner): void {
    this.#owner = owner;
    this.socket.setTimeout(0);
    this.socket.resume();
  }

  disown(): void {
    this.#owner = undefined;
  }

  /** Sends the head of a request, in the form that the other end takes. */
  sendHead(head: string, target: UpstreamTarget): void {
    const forwarder = this.#forwarder;
    this.socket.write(forwarder === undefined ? head : absoluteForm(head, target, forwarder), 'latin1');
  }

  /** @throws UpstreamError when an answer with this status is the parent proxy's, meant for Leash */
  checkStatus(status: number): void {
    if (status === 407 && this.#forwarder !== undefined) throw authenticationFailure(this.#forwarder);
  }

  destroy(): void {
    this.#owner = undefined;
    this.socket.destroy();
  }

  /** The same when all that was written is sent, or cannot be. */
  end(): void {
    this.#owner = undefined;
    this.socket.setTimeout(LAST_WORDS);
    this.socket.destroySoon();
  }

  #lose(error: Error | undefined): void {
    if (this.#isLost) return;
    this.#isLost = true;
    const owner = this.#owner;
    this.#owner = undefined;
    if (owner === undefined) this.socket.destroy();
    else owner.lost(error);
  }
}

/** Idle connections by scheme, name and port; the last one used is the first given, since it is the least likely to be closing. */
export class UpstreamPool {
  readonly #dialer: Dialer;
  readonly #idleTimeout: number;
  readonly #idle: Map<string, UpstreamConnection[]> = new Map();
  readonly #open: Set<UpstreamConnection> = new Set();
  /** Idle connections of all targets, the one idle longest first. */
  readonly #resting: Set<UpstreamConnection> = new Set();
  readonly #failures: Map<string, UpstreamError> = new Map();
  #isClosed = false;

  constructor(dialer: Dialer, idleTimeout: number = DEFAULT_IDLE) {
    this.#dialer = dialer;
    this.#idleTimeout = idleTimeout;
  }

  /** An idle connection to the target, if there is one. */
  takeIdle(target: UpstreamTarget): UpstreamConnection | undefined {
    const idle = this.#idle.get(keyOf(target));
    for (let connection = idle?.pop(); connection !== undefined; connection = idle?.pop()) {
      this.#resting.delete(connection);
      if (connection.isUsable) return connection;
    }
    return undefined;
  }

  /** @throws UpstreamError */
  async open(target: UpstreamTarget): Promise<UpstreamConnection> {
    const key = keyOf(target);
    const failure = this.#failures.get(key);
    if (failure !== undefined) {
      this.#failures.delete(key);
      throw failure;
    }
    const forwarder = this.#dialer.forwarderFor(target);
    return this.#keep(new UpstreamConnection(await this.#dialer.open(target), keyOf(target), forwarder));
  }

  /** Keeps a connection that was opened for another reason; no parent proxy forwards on it. */
  adopt(target: UpstreamTarget, socket: net.Socket): void {
    this.release(this.#keep(new UpstreamConnection(socket, keyOf(target))), undefined);
  }

  /** The server was dialled just now for another reason, and that failed: who asks next need not wait for the same. */
  failed(target: UpstreamTarget, error: UpstreamError): void {
    const key = keyOf(target);
    this.#failures.set(key, error);
    setTimeout(() => this.#failures.delete(key), FAILURE_MEMORY).unref();
  }

  /** Gives back a connection whose exchange is complete on both sides. @param promised seconds the server keeps it, if it said. */
  release(connection: UpstreamConnection, promised: number | undefined): void {
    const hint = promised === undefined ? this.#idleTimeout : Math.min(promised * 1000 - IDLE_MARGIN, MAX_IDLE);
    const idle = this.#idle.get(connection.key) ?? [];
    if (!connection.isUsable || this.#isClosed || hint <= 0 || idle.length >= MAX_IDLE_PER_TARGET) {
      connection.destroy();
      return;
    }
    connection.disown();
    connection.isReused = true;
    connection.socket.setTimeout(hint);
    // Paused by a slow client, an idle connection would not notice that the server closes it.
    connection.socket.resume();
    idle.push(connection);
    this.#idle.set(connection.key, idle);
    this.#resting.add(connection);
    if (this.#resting.size > MAX_IDLE_IN_ALL) this.#dropOldest();
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#open) connection.destroy();
  }

  #keep(connection: UpstreamConnection): UpstreamConnection {
    if (this.#isClosed) connection.destroy();
    this.#open.add(connection);
    connection.socket.once('close', () => this.#forget(connection));
    return connection;
  }

  #dropOldest(): void {
    const [oldest] = this.#resting;
    if (oldest === undefined) return;
    oldest.destroy();
    // Now and not when it has closed: until then another one would be dropped in its place.
    this.#forget(oldest);
  }

  #forget(connection: UpstreamConnection): void {
    this.#open.delete(connection);
    this.#resting.delete(connection);
    const idle = this.#idle.get(connection.key)?.filter((other) => other !== connection);
    if (idle === undefined || idle.length === 0) this.#idle.delete(connection.key);
    else this.#idle.set(connection.key, idle);
  }
}

function keyOf({ scheme, name, port, isUpgrade }: UpstreamTarget): string {
  return `${scheme}://${name}:${port}${isUpgrade ? ' upgrade' : ''}`;
}
