// The sandbox's listeners in, a proxy that serves them out; loaded while the sandbox is being built.
import dgram from 'node:dgram';
import type { Server } from 'node:net';
import type { NativeUdp } from '../engine/warden.ts';
import type { ProxyOptions } from '../proxy/options.ts';
import type { Proxy as SessionProxy } from '../proxy/proxy.ts';

export type Listener = 'tcp4' | 'tcp6' | 'udp4' | 'udp6';
const LISTENERS = 4;

interface Settle {
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

export class Network {
  readonly #proxy: Promise<SessionProxy>;
  readonly #served: Promise<void>[] = [];
  #settle: Settle | undefined;
  /** Settles when all listeners are served: the agent may start. Rejects when one cannot be. */
  readonly complete: Promise<void>;

  constructor(options: ProxyOptions) {
    this.#proxy = import('../proxy/proxy.ts').then((module) => new module.Proxy(options));
    // Whoever serves or closes meets the failure; alone it must not end the process.
    this.#proxy.catch(() => undefined);
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
    const proxy = await this.#proxy;
    if (name === 'tcp4' || name === 'tcp6') {
      proxy.serve(handle as Server);
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
    proxy.serveDns(socket);
  }

  /** After a new policy: ends connections that it no longer permits. */
  async rejudge(): Promise<void> {
    (await this.#proxy).rejudge();
  }

  async close(): Promise<void> {
    await (await this.#proxy).close();
  }
}
