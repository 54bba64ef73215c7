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
  readonly #owners = new Map<Key, Attribution>();
  readonly #askers = new Map<Key, Attribution>();
  readonly #waiting = new Map<Key, (owner: Attribution) => void>();

  constructor(processes: ProcessTable) {
    this.#processes = processes;
  }

  learn(connected: WireConnected): void {
    const key: Key = `${connected.family}:${connected.localPort}`;
    const program = this.#processes.program(connected);
    if (program === undefined) return;
    // As of now: the process may run another program when somebody asks.
    const owner = { who: this.#processes.who(connected.pid), program };
    if (connected.protocol === 'udp') {
      if (this.#askers.size >= PORTS_MAX) this.#askers.clear();
      this.#askers.set(key, owner);
      return;
    }
    const waiter = this.#waiting.get(key);
    if (waiter) {
      this.#waiting.delete(key);
      waiter(owner);
      return;
    }
    if (this.#owners.size >= PORTS_MAX) this.#owners.clear();
    this.#owners.set(key, owner);
  }

  /** Who asks the resolver from this port; undefined when the report has not come, which stops nothing. */
  asker(port: number, family: 4 | 6): Attribution | undefined {
    return this.#askers.get(`${family}:${port}`);
  }

  /** The owner of a local port, or undefined when nobody reported it: then nobody asked for the connection either. */
  who(port: number, family: 4 | 6): Promise<Attribution | undefined> {
    const key: Key = `${family}:${port}`;
    const known = this.#owners.get(key);
    if (known !== undefined) {
      // A port may be used again; each report is good for one connection.
      this.#owners.delete(key);
      return Promise.resolve(known);
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(key);
        resolve(undefined);
      }, PATIENCE);
      timer.unref();
      this.#waiting.set(key, (owner) => {
        clearTimeout(timer);
        resolve(owner);
      });
    });
  }
}
