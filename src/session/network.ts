// The sandbox's listeners in, a proxy that serves them out; loaded while the sandbox is being built.
import dgram from 'node:dgram';
import type { Server } from 'node:net';
import type { NativeUdp } from '../engine/warden.ts';
import type { ProxyOptions } from '../proxy/options.ts';
import type { Proxy } from '../proxy/proxy.ts';

export type Listener = 'tcp4' | 'tcp6' | 'udp4' | 'udp6';
const LISTENERS = 4;

export class Network {
  readonly #proxy: Promise<Proxy>;
  readonly #served = new Set<Listener>();

  constructor(options: ProxyOptions) {
    this.#proxy = import('../proxy/proxy.ts').then(({ Proxy }) => new Proxy(options));
    // Whoever serves or closes meets the failure; alone it must not end the process.
    this.#proxy.catch(() => undefined);
  }

  /** @returns true when all listeners are served and the agent may start */
  async serve(name: Listener, handle: Server | NativeUdp): Promise<boolean> {
    const proxy = await this.#proxy;
    if (name === 'tcp4' || name === 'tcp6') {
      proxy.serve(handle as Server);
    } else {
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
    this.#served.add(name);
    return this.#served.size === LISTENERS;
  }

  /** After a new policy: ends connections that it no longer permits. */
  async rejudge(): Promise<void> {
    (await this.#proxy).rejudge();
  }

  async close(): Promise<void> {
    await (await this.#proxy).close();
  }
}
