// Questions of programs that could be MCP servers of the agent's in, and the ends of those that are; relays between them and who started them out.
import type { ServerEnd } from '../../engine/handles.ts';
import type { ProcessTable } from '../../engine/process-table.ts';
import { splitWords } from '../../engine/wire.ts';
import type { WireEvent, WireProcess } from '../../engine/wire-record.ts';
import type { StdioEnds, StdioServer } from '../../proxy/mcp/stdio/stdio-relay.ts';
import type { Attribution } from '../../proxy/options.ts';
import type { OwnPrograms } from './own-programs.ts';

/** What a command line is as an MCP server. */
export interface Named {
  readonly name: string;
  /** A file that is the user's own says so, or one of the workspace; undefined: nothing did before the agent began. */
  readonly declared: 'settings' | 'workspace' | undefined;
}

export interface Relay {
  readonly ended: Promise<void>;
  destroy(): void;
}

export interface AgentServersOptions {
  /** Whether any may come, whatever the policy speaks of. */
  readonly areExpected: boolean;
  /** Undefined: it is none. @param isOwn the agent itself starts it */
  readonly nameOf: (argv: readonly string[], isOwn: boolean) => Named | undefined;
  readonly processes: ProcessTable;
  readonly own: OwnPrograms;
  /** Begins to carry what is said. */
  readonly relay: (ends: StdioEnds, server: StdioServer) => Promise<Relay>;
}

/** Milliseconds that the last words of a server have, once the sandbox is gone. */
const PATIENCE = 1_000;

type Sockets = Partial<Record<ServerEnd, StdioEnds['fromServer'] & StdioEnds['toServer']>>;

interface Instance {
  readonly server: StdioServer;
  readonly sockets: Sockets;
  relay?: Relay;
}

/** What its doings are marked with; only `mcp:NAME` is what the user declared, started by the agent itself. */
function viaOf({ name, declared }: Named, isOwn: boolean): string {
  if (declared === undefined || !isOwn) return `mcp:?${name}`;
  return declared === 'settings' ? `mcp:${name}` : `mcp:./${name}`;
}

/** The MCP servers that programs inside start and speak to over pipes. */
export class AgentServers {
  readonly #options: AgentServersOptions;
  readonly #instances = new Map<number, Instance>();
  /** Numbers of servers that ended, by their via: lines of descent are bounded. */
  readonly #free = new Map<string, number[]>();
  #last = 0;
  #isOver = false;

  constructor(options: AgentServersOptions) {
    this.#options = options;
  }

  get areExpected(): boolean {
    return this.#options.areExpected;
  }

  learn(process: WireProcess): void {
    this.#options.own.learn(process);
  }

  /** @returns the number of the server that the program is to be; undefined: it is none. */
  answer(event: WireEvent): number | undefined {
    const { nameOf, processes, own } = this.#options;
    const program = processes.program(event);
    const isOwn = own.isOwn(event.line);
    const named = program && nameOf(splitWords(Buffer.from(event.path2)), isOwn);
    if (program === undefined || named === undefined || this.#isOver) return undefined;
    const via = viaOf(named, isOwn);
    const number = this.#free.get(via)?.pop() ?? ++this.#last;
    processes.nameServer(number, via);
    const attribution: Attribution = { who: this.#client(event.pid), program };
    this.#instances.set(number, { server: { name: named.name, via, attribution }, sockets: {} });
    return number;
  }

  /** Whoever started it: at this moment it is a fork of that. */
  #client(pid: number): Attribution['who'] {
    const fork = this.#options.processes.who(pid);
    const parent = this.#options.processes.who(fork.parent);
    return parent.exe === fork.exe ? parent : fork;
  }

  take(number: number, end: ServerEnd, socket: NonNullable<Sockets[ServerEnd]>): void {
    const instance = this.#instances.get(number);
    socket.on('error', () => undefined);
    if (instance === undefined || this.#isOver) {
      socket.destroy();
      return;
    }
    instance.sockets[end] = socket;
    const {
      'from-client': fromClient,
      'to-client': toClient,
      'from-server': fromServer,
      'to-server': toServer,
    } = instance.sockets;
    if (fromClient && toClient && fromServer && toServer)
      void this.#serve(number, instance, { fromClient, toClient, fromServer, toServer });
  }

  async #serve(number: number, instance: Instance, ends: StdioEnds): Promise<void> {
    const { via } = instance.server;
    try {
      const relay = await this.#options.relay(ends, instance.server);
      instance.relay = relay;
      if (this.#isOver) relay.destroy();
      await relay.ended;
    } catch {
      // Nothing passes that is not read: both see the end of what the other says.
      for (const socket of Object.values(instance.sockets)) socket?.destroy();
    }
    this.#instances.delete(number);
    this.#free.set(via, [...(this.#free.get(via) ?? []), number]);
  }

  /** The sandbox is gone. What was written before is still carried. */
  async end(): Promise<void> {
    this.#isOver = true;
    const relays: Relay[] = [];
    for (const { relay, sockets } of this.#instances.values()) {
      if (relay) relays.push(relay);
      else for (const socket of Object.values(sockets)) socket?.destroy();
    }
    const late = setTimeout(() => {
      for (const relay of relays) relay.destroy();
    }, PATIENCE);
    await Promise.allSettled(relays.map(({ ended }) => ended));
    clearTimeout(late);
  }
}
