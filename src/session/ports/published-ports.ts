// What a session publishes in; listeners on the host, each connection joined to a program inside and recorded, out.
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Dialled } from '../../engine/dials.ts';
import type { LeashError } from '../../host/errors.ts';
import { type TunnelResult, tunnel } from '../../proxy/connection/tunnel.ts';
import type { Who } from '../../schema/event.ts';
import type { NoteFacts } from '../recorder.ts';
import { listenFor } from './host-listener.ts';
import { portsOf } from './listening.ts';
import { endText, HOST_ADDRESS, isLoopback, KERNELS_CHOICE, type PortSpec, type PublishOptions } from './port-spec.ts';

/** Connections at a time, of all ports; native/warden/dialogue.c can dial as many. */
const CONNECTIONS_MAX = 256;
/** Ports that are published because the agent listens on them. */
const FOUND_MAX = 32;
/** Milliseconds between two looks for them. */
const INTERVAL = 300;
/** Milliseconds after the end of the sandbox in which a client may read what is left. */
const LAST_PATIENCE = 1_000;

/** The sandbox behind the ports. */
export interface PortSandbox {
  readonly dials: { dial(port: number): Promise<Dialled> };
  /** A process of the sandbox, which shares its network. */
  readonly agentPid: number | undefined;
}

/** What becomes of what happens at the ports. */
export interface PortContext {
  listener(port: number): Who | undefined;
  note(action: 'PortPublish' | 'PortConnect', name: string, facts: NoteFacts): void;
  /** All that is published, as `127.0.0.1:8000:3000`, whenever that changes. */
  changed(published: readonly string[]): void;
}

interface Published {
  readonly server: Server;
  readonly port: number;
  readonly name: string;
}

export class PublishedPorts {
  readonly #say: (line: string) => void;
  readonly #all: boolean;
  readonly #ports: Published[] = [];
  /** Ports inside that are published, or could not be. */
  readonly #seen = new Set<number>();
  /** Clients, and who answers them inside. */
  readonly #open = new Map<Socket, Socket | undefined>();
  readonly #ends = new Set<Promise<void>>();
  #context: PortContext | undefined;
  #sandbox: PortSandbox | undefined;
  #timer: NodeJS.Timeout | undefined;
  #found = 0;
  #isClosed = false;

  private constructor(options: PublishOptions, say: (line: string) => void) {
    this.#say = say;
    this.#all = options.all;
  }

  /** Takes the host's ports; whoever connects before `begin` is reset. @throws {LeashError} LEASH_PORT_BUSY; none is taken then */
  static async open(options: PublishOptions, say: (line: string) => void): Promise<PublishedPorts> {
    const ports = new PublishedPorts(options, say);
    try {
      for (const spec of options.specs) await ports.#publish(spec);
    } catch (error) {
      await ports.close();
      throw error;
    }
    return ports;
  }

  async #publish(spec: PortSpec): Promise<Published> {
    this.#seen.add(spec.port);
    const server = await listenFor(spec, (socket) => this.#accept(published, socket));
    const { port } = server.address() as AddressInfo;
    const published: Published = { server, port: spec.port, name: endText(spec.address, port) };
    this.#ports.push(published);
    if (this.#isClosed) server.close();
    const warning = isLoopback(spec.address) ? '' : '; every machine that reaches this address can connect';
    this.#say(`port ${spec.port} inside is published at ${published.name}${warning}`);
    return published;
  }

  /** @param complete when the sandbox's listeners are served: until then whoever connects is reset */
  begin(complete: Promise<void>, sandbox: PortSandbox, context: PortContext): void {
    complete.then(
      () => this.#begin(sandbox, context),
      () => undefined, // the session ends
    );
  }

  #begin(sandbox: PortSandbox, context: PortContext): void {
    if (this.#isClosed) return;
    this.#context = context;
    this.#sandbox = sandbox;
    for (const published of this.#ports) this.#note(published);
    this.#tell();
    if (!this.#all) return;
    this.#timer = setInterval(() => void this.#look(), INTERVAL);
    this.#timer.unref();
  }

  #note({ name, port }: Published): void {
    const who = this.#context?.listener(port);
    this.#context?.note('PortPublish', name, { detail: { port }, ...(who !== undefined && { who }) });
  }

  #tell(): void {
    this.#context?.changed(this.#ports.map(({ name, port }) => `${name}:${port}`));
  }

  /** What the agent listens on now: as many as it likes, so few of them are published. */
  async #look(): Promise<void> {
    const pid = this.#sandbox?.agentPid;
    const found = pid === undefined ? [] : [...portsOf(pid)].filter((port) => !this.#seen.has(port));
    for (const port of found) {
      if (this.#isClosed) return;
      this.#seen.add(port);
      if (++this.#found > FOUND_MAX) {
        clearInterval(this.#timer);
        this.#say(`more than ${FOUND_MAX} ports are listened on inside; no further one is published (name it with -p)`);
        return;
      }
      await this.#publishFound(port);
    }
  }

  /** The kernel chooses the number: by one of its own an agent would meet the clients of another server. */
  async #publishFound(port: number): Promise<void> {
    try {
      this.#note(await this.#publish({ address: HOST_ADDRESS, hostPort: KERNELS_CHOICE, port }));
      this.#tell();
    } catch (error) {
      this.#say((error as LeashError).message);
    }
  }

  #accept(published: Published, client: Socket): void {
    const end = this.#serve(published, client);
    this.#ends.add(end);
    void end.finally(() => this.#ends.delete(end));
  }

  async #serve({ port, name }: Published, client: Socket): Promise<void> {
    client.on('error', () => undefined);
    const context = this.#context;
    const sandbox = this.#sandbox;
    if (context === undefined || sandbox === undefined) {
      client.resetAndDestroy();
      return;
    }
    const { remoteAddress = '', remotePort = 0 } = client;
    const detail = { port, peer: endText(remoteAddress, remotePort) };
    const start = performance.now();
    if (this.#open.size >= CONNECTIONS_MAX) {
      client.resetAndDestroy();
      const problem = `${CONNECTIONS_MAX} connections to published ports are open already`;
      context.note('PortConnect', name, { detail, problem, error: 'ECONNRESET' });
      return;
    }
    const inner = await this.#dial(sandbox, port, client);
    if (typeof inner === 'string') {
      client.resetAndDestroy();
      context.note('PortConnect', name, { detail, error: inner });
      return;
    }
    const who = context.listener(port);
    const passed = await this.#join(inner, client);
    context.note('PortConnect', name, {
      ...(who !== undefined && { who }),
      detail: {
        ...detail,
        bytes_in: passed.bytesIn,
        bytes_out: passed.bytesOut,
        duration_ms: Math.round(performance.now() - start),
      },
      ...(passed.error !== undefined && { error: passed.error }),
    });
  }

  /** Counts the client while it waits. */
  async #dial(sandbox: PortSandbox, port: number, client: Socket): Promise<Dialled> {
    this.#open.set(client, undefined);
    const inner = await sandbox.dials.dial(port);
    if (typeof inner === 'string') this.#open.delete(client);
    return inner;
  }

  async #join(inner: Socket, client: Socket): Promise<TunnelResult> {
    this.#open.set(client, inner);
    const passed = await tunnel(inner, client);
    this.#open.delete(client);
    return passed;
  }

  /** What programs inside said last is still delivered, for a while; resolves when every connection has ended and is recorded. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const { server } of this.#ports) server.close();
    const late = setTimeout(() => {
      for (const [client, inner] of this.#open) {
        client.destroy();
        inner?.destroy();
      }
    }, LAST_PATIENCE);
    await Promise.all(this.#ends);
    clearTimeout(late);
  }
}
