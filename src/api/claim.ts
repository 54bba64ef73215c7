// The user's one port in; it held by this process while the code that serves there is loaded, out. Of many sessions that wait, one loads it.
import net from 'node:net';
import type { ListenAddress } from './listen-address.ts';

/** As many as wait on a hub. */
const HELD_MAX = 512;

export class Claim {
  readonly #server = net.createServer();
  readonly #held = new Set<net.Socket>();

  private constructor() {
    this.#server.maxConnections = HELD_MAX;
    this.#server.unref();
    this.#server.on('connection', (socket) => {
      this.#held.add(socket.unref());
      socket.on('error', () => undefined); // its close follows
      socket.once('close', () => this.#held.delete(socket));
      socket.resume();
    });
  }

  /** Throws the system's error: EADDRINUSE, EACCES … */
  static async of({ host, port }: ListenAddress): Promise<Claim> {
    const claim = new Claim();
    await new Promise<void>((resolve, reject) => {
      claim.#server.once('error', reject);
      claim.#server.listen({ host, port, exclusive: true }, resolve);
    });
    claim.#server.on('error', () => undefined); // accept(2) without descriptors: who comes waits
    return claim;
  }

  /** Who came is held on: let go now, all of them would be at the port before whoever it is for. */
  free(): void {
    this.#server.close();
  }

  /** Who came looks again. */
  end(): void {
    this.free();
    for (const socket of this.#held) socket.destroy();
  }
}
