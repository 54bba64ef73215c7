// What the proxy is given and what it knows of a connection: the seams to policy, journal, engine and the network outside.
import type { Buffer } from 'node:buffer';
import type net from 'node:net';
import type { Emit, Who } from '../schema/event.ts';
import type { ConnectRequest, Program, Request } from '../schema/request.ts';
import type { Verdict } from '../schema/verdict.ts';
import type { Broker } from './exchange/passage.ts';
import type { SyntheticNames } from './names/synthetic-names.ts';
import type { SessionCa } from './tls/session-ca.ts';
import type { ParentProxies } from './upstream/parent-proxies.ts';

/** A verdict, whether the session's mode applies it, and the policy set that gave it. */
export type Decision = Verdict & { readonly enforced: boolean; readonly epoch: number };

/** `program`: the one that asks, when the request does not say it. */
export type Decide = (request: Request, program?: Program) => Decision;

/** Who waits for a person's word, and until when. */
export interface Asker {
  readonly who?: Who | undefined;
  readonly program?: Program | undefined;
  /** Nobody waits any more. */
  readonly signal: AbortSignal;
}

/** Holds a request whose verdict is a question until there is a word. */
export type Ask = (request: Request, asker: Asker) => Promise<Decision>;

/** Whether a decision stops the operation. */
export function isRefusal(decision: Decision): boolean {
  return decision.effect === 'deny' && decision.enforced;
}

/** Whether a person's word is all that is missing. */
export function isQuestion(decision: Decision): boolean {
  return isRefusal(decision) && decision.ask !== undefined && decision.approval === undefined;
}

/** A refusal that Leash makes itself: no policy decided, and none can permit it. */
export function ownRefusal(reason: string, epoch: number): Decision {
  return { effect: 'deny', enforced: true, policies: [], reason, epoch };
}

export interface Attribution {
  readonly who: Who;
  readonly program: Program;
}

/** Where the agent's `connect` was aimed: an address in canonical text, and a port. */
export interface Destination {
  readonly address: string;
  readonly port: number;
}

/** One UDP datagram of the agent's. */
export interface Datagram {
  /** The address and port it was sent from. */
  readonly agent: Destination;
  /** Where it was sent to. */
  readonly peer: Destination;
  /** Which program sent it, as the engine numbers them. */
  readonly line: number;
  /** Both, as an answer to it must name them. */
  readonly ends: Buffer;
  readonly bytes: Buffer;
}

/** The way back to the agent; what cannot be sent now is lost. */
export interface DatagramAnswers {
  /** @returns false when it was lost */
  deliver(ends: Buffer, bytes: Buffer): boolean;
  /** Nobody receives there (ICMP port unreachable). */
  unreachable(ends: Buffer): void;
}

export interface Override {
  readonly address: string;
  readonly port?: number;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All in milliseconds. */
export interface Timeouts {
  /** TCP and TLS handshake with the upstream. */
  readonly connect?: number;
  /** Resolving a name. */
  readonly resolve?: number;
  /** Longest that an idle upstream connection is kept when the server does not say. */
  readonly idle?: number;
  /** From a request's first byte to the end of its head. */
  readonly head?: number;
  /** From accepting a connection to its first bytes. */
  readonly firstBytes?: number;
}

export interface UpstreamOptions {
  /** The operator's word where a `name:port` or a `name` really is, as `curl --resolve`; exempt from address vetting. */
  readonly resolveOverrides: ReadonlyMap<string, Override>;
  /** Resolves a name to all its addresses; default: the host's resolver. */
  readonly lookup?: (name: string) => Promise<readonly ResolvedAddress[]>;
  /** Addresses of resolvers that are asked for records, as `dns.setServers`; default: those of the host. */
  readonly nameServers?: readonly string[];
  /** PEM certificates of the roots this machine trusts, read with the first TLS connection; default: those that Node brings. */
  readonly roots?: () => readonly string[];
  /** PEM certificates trusted besides. */
  readonly ca?: readonly string[];
  /** The proxies through which this network is left, if it has any. */
  readonly parents?: ParentProxies;
  readonly timeouts?: Timeouts;
  /** Whether Leash itself serves its user on this port of the host's loopback. Never dialled, whatever a policy or the operator says. */
  readonly isOwnPort?: (port: number) => boolean;
}

export interface ProxyOptions {
  readonly names: SyntheticNames;
  /** Called when the first TLS connection arrives. */
  readonly ca: () => Promise<SessionCa> | SessionCa;
  readonly decide: Decide;
  /** Without it a question is a refusal. */
  readonly ask?: Ask;
  /** Whether a policy in force looks at the paths of requests to this canonical name; taken to be so when absent. */
  readonly readsPath?: (host: string) => boolean;
  /** The same of their methods. */
  readonly readsMethod?: (host: string) => boolean;
  /** Whether any policy could permit a connection to this canonical name. */
  readonly mayConnect: (host: string) => boolean;
  /** Whether a verdict on a name is about the type of record asked for, so that the host's resolver may be asked. Default: never. */
  readonly namesType?: (decision: Decision) => boolean;
  /** Whether a verdict on a connection to port 80 or 443 is about the transport, so that bytes may pass which are not HTTP. Default: never. */
  readonly namesTransport?: (decision: Decision) => boolean;
  readonly emit: Emit;
  /** Whether TLS to a permitted peer is relayed unopened: nothing that is said on it needs to be seen. Absent: never. */
  readonly splices?: (request: ConnectRequest) => boolean;
  /** What a person can do about a client that does not accept the session's certificate. Called each time. */
  readonly certificateRejected?: (host: string, port: number, remedy: string) => void;
  /** In the order in which they see a permitted request. Called when the first connection arrives. */
  readonly brokers?: () => Promise<readonly Broker[]>;
  /** The process that owns the agent's socket with this local port. */
  readonly who: (remotePort: number, family: 4 | 6) => Promise<Attribution | undefined>;
  /** The process that announced last to send from this UDP socket; undefined when none is known, or not yet, or it is not of program `line`. */
  readonly sender?: (agent: Destination, line?: number) => Attribution | undefined;
  /** Without it no datagram is relayed. */
  readonly answers?: DatagramAnswers;
  readonly upstream: UpstreamOptions;
  /** Where an accepted connection was aimed; default: its local address, which a transparent listener keeps (IP_TRANSPARENT, ip(7)). */
  readonly destinationOf?: (socket: net.Socket) => Destination;
}

/** The peer of one accepted connection, once it is known and permitted. */
export interface Peer {
  /** Verified name, or the address itself when the agent dialled an address. */
  readonly name: string;
  readonly isLiteral: boolean;
  readonly port: number;
  readonly attribution: Attribution;
  readonly request: ConnectRequest;
}
