// Datagrams of the sandbox enter; each belongs to a flow, which is judged when it begins and after each reload, or is answered "port unreachable".
import type { Who } from '../../schema/event.ts';
import type { ConnectRequest, Program } from '../../schema/request.ts';
import { identify } from '../connection/identify.ts';
import { refusedConnection } from '../connection/record.ts';
import { canonicalAddress } from '../names/address.ts';
import {
  type Attribution,
  type Datagram,
  type DatagramAnswers,
  type Decide,
  type Decision,
  type Destination,
  isQuestion,
  isRefusal,
  ownRefusal,
  type Peer,
  type ProxyOptions,
} from '../options.ts';
import { now } from '../record.ts';
import { UpstreamError } from '../upstream/failure.ts';
import { Resolver } from '../upstream/resolve.ts';
import { Flow } from './flow.ts';

/** Each holds a descriptor. */
const FLOWS_MAX = 256;
/** Milliseconds without a datagram of the agent's (RFC 4787, REQ-5). */
const IDLE = 120_000;
const SWEEP = 10_000;

interface Known {
  readonly name: string;
  readonly who: Who | undefined;
}

export interface DatagramRelayContext {
  readonly options: ProxyOptions;
  readonly answers: DatagramAnswers;
  readonly decide: Decide;
  readonly epoch: () => number;
}

function keyOf({ agent, peer }: Datagram): string {
  return `${agent.address} ${agent.port} ${peer.address} ${peer.port}`;
}

export class DatagramRelay {
  readonly #context: DatagramRelayContext;
  readonly #resolver: Resolver;
  readonly #flows: Map<string, Flow> = new Map();
  #sweeper: NodeJS.Timeout | undefined;

  constructor(context: DatagramRelayContext) {
    this.#context = context;
    this.#resolver = new Resolver(context.options.upstream);
  }

  /** Never throws: what fails ends this flow only. */
  receive(datagram: Datagram): void {
    const key = keyOf(datagram);
    try {
      const attribution = this.#context.options.sender?.(datagram.agent, datagram.line);
      const flow = this.#flows.get(key);
      // Another program may have the port by now, or the socket.
      if (flow !== undefined && flow.peer.attribution.program !== attribution?.program) this.#drop(key, flow);
      (this.#flows.get(key) ?? this.#begin(key, datagram, attribution))?.send(datagram.bytes);
    } catch {
      this.#refuse(datagram, this.#own('unexpected failure in the proxy'));
    }
  }

  /** Whether datagrams of this program pass to this address and port already. */
  isFlowing({ exe, via }: Program, address: string, port: number): boolean {
    return [...this.#flows.values()].some(({ peer }) => {
      const { program } = peer.attribution;
      return peer.request.ip === address && peer.port === port && program.exe === exe && program.via === via;
    });
  }

  /** Ends the flows that the policy now in force does not permit. */
  rejudge(): void {
    for (const [key, flow] of this.#flows) {
      const { request, attribution, port, name } = flow.peer;
      const decision = this.#context.decide(request, attribution.program);
      if (!isRefusal(decision)) continue;
      this.#flows.delete(key);
      flow.refuse();
      this.#record({ name, address: request.ip, port, who: attribution.who }, decision);
    }
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const flow of this.#flows.values()) flow.end();
    this.#flows.clear();
  }

  /** @returns undefined when the peer is refused */
  #begin(key: string, datagram: Datagram, attribution: Attribution | undefined): Flow | undefined {
    const { options, decide } = this.#context;
    const identity = identify(datagram.peer, options.names, options.upstream.resolveOverrides);
    const { name } = identity;
    const refuse = (decision: Decision): undefined => this.#refuse(datagram, decision, { name, who: attribution?.who });
    if ('refusal' in identity) return refuse(this.#own(identity.refusal));
    if (attribution === undefined) return refuse(this.#own('no process is known to have sent this'));
    const { address, port } = datagram.peer;
    const ip = canonicalAddress(address) ?? address;
    const resource = { type: 'host', name } as const;
    const { program } = attribution;
    const request: ConnectRequest = { action: 'NetConnect', resource, program, port, protocol: 'udp', ip };
    const decision = decide(request, program);
    const isAsked = isQuestion(decision) && options.ask !== undefined;
    if (isRefusal(decision) && !isAsked) return refuse(decision);
    const peer: Peer = { name, isLiteral: identity.isLiteral, port, attribution, request };
    const flow = new Flow(peer, datagram, decision, { answers: this.#context.answers, emit: options.emit });
    this.#keep(key, flow);
    this.#open(key, flow, datagram, decision).catch(() =>
      this.#end(key, flow, 'EPROTO', 'unexpected failure in the proxy'),
    );
    return flow;
  }

  async #open(key: string, flow: Flow, datagram: Datagram, plain: Decision): Promise<void> {
    const { options } = this.#context;
    const { name, port, request, attribution } = flow.peer;
    const asked = isQuestion(plain) ? options.ask : undefined;
    const { who, program } = attribution;
    const decision = asked ? await asked(request, { who, program, signal: flow.ended }) : plain;
    if (flow.isEnded) return;
    if (isRefusal(decision)) {
      this.#flows.delete(key);
      flow.refuse();
      return this.#record({ name, address: request.ip, port, who }, decision);
    }
    try {
      await flow.open(await this.#resolver.endpoint(name, port), decision);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      if (!error.refused) return this.#end(key, flow, error.code, error.message);
      this.#flows.delete(key);
      flow.refuse();
      this.#record({ name, address: datagram.peer.address, port, who }, this.#own(error.message));
    }
  }

  #end(key: string, flow: Flow, error: string, message: string): void {
    this.#flows.delete(key);
    flow.end({ error, message });
  }

  /** When there are too many, the one that rested longest makes room. */
  #keep(key: string, flow: Flow): void {
    if (this.#flows.size >= FLOWS_MAX) {
      const [oldest] = [...this.#flows].sort(([, a], [, b]) => a.lastSent - b.lastSent);
      if (oldest !== undefined) this.#drop(...oldest);
    }
    this.#flows.set(key, flow);
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP).unref();
  }

  #sweep(): void {
    const start = performance.now() - IDLE;
    for (const [key, flow] of this.#flows) if (flow.lastSent < start) this.#drop(key, flow);
    if (this.#flows.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }

  #drop(key: string, flow: Flow): void {
    this.#flows.delete(key);
    flow.end();
  }

  #refuse(
    { peer, ends }: Datagram,
    decision: Decision,
    known: Known = { name: peer.address, who: undefined },
  ): undefined {
    this.#context.answers.unreachable(ends);
    this.#record({ ...peer, ...known }, decision);
  }

  #record(refused: Known & Destination, decision: Decision): void {
    this.#context.options.emit(refusedConnection(now(), { ...refused, protocol: 'udp' }, decision));
  }

  #own(reason: string): Decision {
    return ownRefusal(reason, this.#context.epoch());
  }
}
