// Bytes of both sides of a connection that stopped being HTTP enter; they leave as brokers pass them on, no faster than they are taken.
import type { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { ResponseEdit, Tunnel } from '../exchange/passage.ts';
import { tunnelBytes } from './edited-body.ts';

export interface SwitchedEnds {
  readonly client: Duplex;
  readonly server: Duplex;
  /** Writes to the client, and lets the server wait if it takes no more. */
  readonly toClient: (bytes: Buffer) => void;
  /** Ends both, when what they were sent is delivered. */
  readonly close: () => void;
}

export class Switched {
  readonly #ends: SwitchedEnds;
  readonly #body: ResponseEdit['body'];
  readonly #tunnel: Tunnel | undefined;
  /** A side was sent what the other one did not send, and may not have taken it. */
  #doesClientOwe = false;
  #doesServerOwe = false;

  /** The head of the response was written. */
  constructor(ends: SwitchedEnds, { body, tunnel }: Pick<ResponseEdit, 'body' | 'tunnel'>) {
    this.#ends = ends;
    this.#body = body;
    const { client, toClient, close } = ends;
    this.#tunnel = tunnel?.({
      get isClientFull(): boolean {
        return client.writableNeedDrain;
      },
      toClient: (bytes, isOwn = false) => {
        this.#doesClientOwe ||= isOwn;
        toClient(bytes);
      },
      toServer: (bytes, isOwn = false) => {
        this.#doesServerOwe ||= isOwn;
        this.#toServer(bytes);
      },
      close,
    });
  }

  /** What the client sends can be taken now. */
  get isReady(): boolean {
    const { client, server } = this.#ends;
    return !server.writableNeedDrain && !(this.#doesClientOwe && client.writableNeedDrain);
  }

  fromServer(bytes: Buffer): void {
    const shown = tunnelBytes(bytes, this.#body);
    if (this.#tunnel === undefined) this.#ends.toClient(shown);
    else this.#tunnel.fromServer(shown);
    if (this.#doesServerOwe && this.#ends.server.writableNeedDrain) this.#ends.server.pause();
  }

  fromClient(bytes: Buffer): void {
    if (this.#tunnel === undefined) this.#toServer(bytes);
    else this.#tunnel.fromClient(bytes);
  }

  /** A side took what was written to it. */
  drained(): void {
    const { client, server } = this.#ends;
    this.#doesClientOwe &&= client.writableNeedDrain;
    this.#doesServerOwe &&= server.writableNeedDrain;
    if (!client.writableNeedDrain && !this.#doesServerOwe) server.resume();
  }

  end(): void {
    this.#tunnel?.end();
  }

  /** The client may have ended its side. */
  #toServer(bytes: Buffer): void {
    const { server } = this.#ends;
    if (bytes.length > 0 && server.writable) server.write(bytes);
  }
}
