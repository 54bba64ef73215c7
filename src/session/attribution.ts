// Which process owns a connection or sends a datagram: the warden's report of a local port in, its owner out.
import type { ProcessTable } from '../engine/process-table.ts';
import type { WireConnected } from '../engine/wire-record.ts';
import type { Attribution, Destination } from '../proxy/options.ts';
import type { Who } from '../schema/event.ts';

/** Milliseconds; the report travels a local socket while the connection is accepted, so this is ample. */
const PATIENCE = 2_000;
const PORTS_MAX = 65_536;
const ANY: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

interface Sender extends Attribution {
  readonly line: number;
  /** Grows with each report. */
  readonly report: number;
}

type Key = `${4 | 6}:${number}`;

export class ConnectionOwners {
  readonly #processes: ProcessTable;
  readonly #owners = new Map<Key, Attribution>();
  /** By port and the socket's own address, which is often any. The one that reported last stands last. */
  readonly #senders = new Map<string, Sender>();
  #reports = 0;
  /** Who took a TCP port last. */
  readonly #bound = new Map<number, Attribution>();
  readonly #waiting = new Map<Key, (owner: Attribution) => void>();

  constructor(processes: ProcessTable) {
    this.#processes = processes;
  }

  learn(connected: WireConnected): void {
    if (connected.protocol === 'udp') {
      this.#learnSender(connected);
      return;
    }
    const key: Key = `${connected.family}:${connected.localPort}`;
    const owner = this.#attribution(connected);
    if (owner === undefined) return;
    if (connected.isBound) {
      this.#bound.set(connected.localPort, owner);
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

  #attribution(connected: WireConnected): Attribution | undefined {
    const program = this.#processes.program(connected);
    // As of now: the process may run another program when somebody asks.
    return program && { who: this.#processes.who(connected.pid), program };
  }

  /** Each program reports before it sends. */
  #learnSender(connected: WireConnected): void {
    const { family, local, localPort, line } = connected;
    const key = `${family}:${localPort}:${ANY.has(local) ? '' : local}`;
    const known = this.#senders.get(key);
    this.#senders.delete(key);
    const sender = this.#attribution(connected);
    if (sender === undefined) return;
    const [oldest] = this.#senders.keys();
    if (this.#senders.size >= PORTS_MAX && oldest !== undefined) this.#senders.delete(oldest);
    const program = known?.line === line ? known.program : sender.program;
    this.#senders.set(key, { who: sender.who, program, line, report: ++this.#reports });
  }

  /**
   * The program that reported last to send from there: the same object as long as it is the same program. @param line of a datagram: one
   * that was sent before the port changed hands, and is read after, is nobody's.
   */
  sender({ address, port }: Destination, line?: number): Attribution | undefined {
    const family = address.includes(':') ? 6 : 4;
    const own = this.#senders.get(`${family}:${port}:${address}`);
    const any = this.#senders.get(`${family}:${port}:`);
    // A socket of any address has its port alone, unless programs agree to share it: the older report is of a closed socket.
    const sender = (own?.report ?? 0) > (any?.report ?? 0) ? own : any;
    return line === undefined || line === sender?.line ? sender : undefined;
  }

  /** The process that took a TCP port last: who listens there, unless it handed the socket on. */
  listener(port: number): Who | undefined {
    return this.#bound.get(port)?.who;
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
