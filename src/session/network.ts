// The sandbox's listeners in, a proxy that serves them out.
import dgram from 'node:dgram';
import type { Server } from 'node:net';
import type { NativeUdp } from '../engine/handles.ts';
import type { Datagram, ProxyOptions } from '../proxy/options.ts';
import { Proxy as SessionProxy } from '../proxy/proxy.ts';
import type { Program } from '../schema/request.ts';

export type Listener = 'tcp4' | 'tcp6' | 'udp4' | 'udp6';
const LISTENERS = 4;

interface Settle {
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

export class Network {
  readonly #proxy: SessionProxy;
  readonly #served: Promise<void>[] = [];
  #settle: Settle | undefined;
  /** Settles when all listeners are served: the agent may start. Rejects when one cannot be. */
  readonly complete: Promise<void>;

  constructor(options: ProxyOptions) {
    this.#proxy = new SessionProxy(options);
    this.complete = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.complete.catch(() => undefined);
  }

  serve(name: Listener, handle: Server | NativeUdp): void {
    const served = this.#attach(name, handle);
    served.catch(() => undefined); // met through `complete`
    this.#served.push(served);
    if (this.#served.length === LISTENERS)
      Promise.all(this.#served).then(
        () => this.#settle?.resolve(),
        (cause) => this.#settle?.reject(cause),
      );
  }

  async #attach(name: Listener, handle: Server | NativeUdp): Promise<void> {
    if (name === 'tcp4' || name === 'tcp6') {
      this.#proxy.serve(handle as Server);
      return;
    }
    const socket = dgram.createSocket({ type: name });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ fd: (handle as NativeUdp).fd }, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    this.#proxy.serveDns(socket);
  }

  /** None comes before the listeners are served. */
  receive(datagram: Datagram): void {
    this.#proxy.receive(datagram);
  }

  /** Whether datagrams of this program pass to this address and port already. */
  isFlowing(program: Program, address: string, port: number): boolean {
    return this.#proxy.isFlowing(program, address, port);
  }

  /** After a new policy: ends connections that it no longer permits. */
  rejudge(): void {
    this.#proxy.rejudge();
  }

  close(): Promise<void> {
    return this.#proxy.close();
  }
}
