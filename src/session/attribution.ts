// Which process owns a connection: the warden's report of a local port in, its owner out, whichever comes first.
import type { ProcessTable } from '../engine/process-table.ts';
import type { WireConnected } from '../engine/wire-record.ts';
import type { Attribution } from '../proxy/options.ts';

/** Milliseconds; the report travels a local socket while the connection is accepted, so this is ample. */
const PATIENCE = 2_000;
const PORTS_MAX = 65_536;

type Key = `${4 | 6}:${number}`;

export class ConnectionOwners {
  readonly #processes: ProcessTable;
  readonly #owners = new Map<Key, number>();
  readonly #askers = new Map<Key, number>();
  readonly #waiting = new Map<Key, (pid: number) => void>();

  constructor(processes: ProcessTable) {
    this.#processes = processes;
  }

  learn(connected: WireConnected): void {
    const key: Key = `${connected.family}:${connected.localPort}`;
    if (connected.protocol === 'udp') {
      if (this.#askers.size >= PORTS_MAX) this.#askers.clear();
      this.#askers.set(key, connected.pid);
      return;
    }
    const waiter = this.#waiting.get(key);
    if (waiter) {
      this.#waiting.delete(key);
      waiter(connected.pid);
      return;
    }
    if (this.#owners.size >= PORTS_MAX) this.#owners.clear();
    this.#owners.set(key, connected.pid);
  }

  #attribution(pid: number): Attribution {
    return { who: this.#processes.who(pid), program: this.#processes.program(pid) };
  }

  /** Who asks the resolver from this port; undefined when the report has not come, which stops nothing. */
  asker(port: number, family: 4 | 6): Attribution | undefined {
    const pid = this.#askers.get(`${family}:${port}`);
    return pid === undefined ? undefined : this.#attribution(pid);
  }

  /** The owner of a local port, or undefined when nobody reported it: then nobody asked for the connection either. */
  who(port: number, family: 4 | 6): Promise<Attribution | undefined> {
    const key: Key = `${family}:${port}`;
    const pid = this.#owners.get(key);
    if (pid !== undefined) {
      // A port may be used again; each report is good for one connection.
      this.#owners.delete(key);
      return Promise.resolve(this.#attribution(pid));
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(key);
        resolve(undefined);
      }, PATIENCE);
      timer.unref();
      this.#waiting.set(key, (owner) => {
        clearTimeout(timer);
        resolve(this.#attribution(owner));
      });
    });
  }
}
