// Datagrams of one agent's socket to one peer enter and leave for the real peer, and its answers come back, until they rest.
import { Buffer } from 'node:buffer';
import dgram from 'node:dgram';
import type { Emit } from '../../schema/event.ts';
import { endedConnection } from '../connection/record.ts';
import type { TunnelResult } from '../connection/tunnel.ts';
import type { Datagram, DatagramAnswers, Decision, Peer, ResolvedAddress } from '../options.ts';
import { now } from '../record.ts';
import { connectFailure } from '../upstream/failure.ts';
import type { Endpoint } from '../upstream/resolve.ts';

/** Until the peer is known to be permitted, and where it is. */
const WAITING_MAX = 16;
const WAITING_BYTES_MAX = 64 << 10;
/** Bytes that the network has not taken yet. */
const UNSENT_MAX = 256 << 10;

function connected({ address, family }: ResolvedAddress, port: number): Promise<dgram.Socket> {
  const socket = dgram.createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // The address was vetted: no other may come of it.
    lookup: (_host, _options, found) => found(null, address, family),
  });
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.connect(port, address, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

/** The first address to which there is a route. A connected socket receives from no other peer. */
async function connectedAny({ addresses, port }: Endpoint, name: string): Promise<dgram.Socket> {
  let code = 'ENETUNREACH';
  for (const address of addresses) {
    try {
      return await connected(address, port);
    } catch (error) {
      if (error instanceof Error && 'code' in error) code = String(error.code);
    }
  }
  throw connectFailure(code, `${name}:${port} (UDP)`);
}

export interface FlowContext {
  readonly answers: DatagramAnswers;
  readonly emit: Emit;
}

export class Flow {
  readonly peer: Peer;
  readonly #ends: Buffer;
  readonly #context: FlowContext;
  readonly #time = now();
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #decision: Decision;
  #socket: dgram.Socket | undefined;
  readonly #end = new AbortController();
  #bytesIn = 0;
  #bytesOut = 0;
  #dropped = 0;
  /** Milliseconds of the clock of `performance`. What the peer sends keeps nothing alive (RFC 4787, section 4.3). */
  lastSent: number = performance.now();

  constructor(peer: Peer, { ends }: Datagram, decision: Decision, context: FlowContext) {
    this.peer = peer;
    this.#ends = ends;
    this.#decision = decision;
    this.#context = context;
  }

  get isEnded(): boolean {
    return this.#end.signal.aborted;
  }

  /** Aborts when the flow ends. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  /** The peer is permitted, by a person's word perhaps: sends what waits. @throws UpstreamError */
  async open(endpoint: Endpoint, decision: Decision): Promise<void> {
    this.#decision = decision;
    const socket = await connectedAny(endpoint, this.peer.name);
    if (this.isEnded) {
      socket.close();
      return;
    }
    this.#socket = socket;
    socket.on('message', (bytes: Buffer) => this.#receive(bytes));
    // The host was told "port unreachable", and the agent is told so.
    socket.on('error', () => this.#context.answers.unreachable(this.#ends));
    for (const bytes of this.#waiting.splice(0)) this.#pass(bytes, socket);
  }

  send(bytes: Buffer): void {
    this.lastSent = performance.now();
    if (this.#socket !== undefined) {
      this.#pass(bytes, this.#socket);
      return;
    }
    if (this.#waiting.length >= WAITING_MAX || this.#waitingBytes + bytes.length > WAITING_BYTES_MAX) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(Buffer.from(bytes));
    this.#waitingBytes += bytes.length;
  }

  #pass(bytes: Buffer, socket: dgram.Socket): void {
    if (socket.getSendQueueSize() > UNSENT_MAX) {
      this.#dropped += 1;
      return;
    }
    this.#bytesOut += bytes.length;
    socket.send(bytes, (error) => {
      if (error) this.#dropped += 1;
    });
  }

  #receive(bytes: Buffer): void {
    if (this.#context.answers.deliver(this.#ends, bytes)) this.#bytesIn += bytes.length;
    else this.#dropped += 1;
  }

  /** Ends it and records what passed. */
  end(failure?: Pick<TunnelResult, 'error'> & { readonly message: string }): void {
    if (!this.#close()) return;
    const result = { bytesIn: this.#bytesIn, bytesOut: this.#bytesOut, dropped: this.#dropped, error: undefined };
    this.#context.emit(endedConnection(this.#time, this.peer, this.#decision, { ...result, ...failure }));
    if (failure !== undefined) this.#context.answers.unreachable(this.#ends);
  }

  /** Ends it because it is not permitted (any more): that is recorded instead. */
  refuse(): void {
    if (this.#close()) this.#context.answers.unreachable(this.#ends);
  }

  #close(): boolean {
    if (this.isEnded) return false;
    this.#end.abort();
    this.#waiting.length = 0;
    this.#socket?.close();
    return true;
  }
}
