// What the proxy is given and what it knows of a connection: the seams to policy, journal, engine and the network outside.
import type net from 'node:net';
import type { Emit, Who } from '../schema/event.ts';
import type { ConnectRequest, Program, Request } from '../schema/request.ts';
import type { Verdict } from '../schema/verdict.ts';
import type { SyntheticNames } from './names/synthetic-names.ts';
import type { SessionCa } from './tls/session-ca.ts';

/** A verdict, whether the session's mode applies it, and the policy set that gave it. */
export type Decision = Verdict & { readonly enforced: boolean; readonly epoch: number };

export type Decide = (request: Request) => Decision;

/** Whether a decision stops the operation. */
export function isRefusal(decision: Decision): boolean {
  return decision.effect === 'deny' && decision.enforced;
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
  /** PEM certificates trusted besides the roots that Node trusts. */
  readonly ca?: readonly string[];
  readonly timeouts?: Timeouts;
}

export interface ProxyOptions {
  readonly names: SyntheticNames;
  /** Called when the first TLS connection arrives. */
  readonly ca: () => Promise<SessionCa> | SessionCa;
  readonly decide: Decide;
  /** Whether any policy could permit a connection to this canonical name. */
  readonly mayConnect: (host: string) => boolean;
  readonly emit: Emit;
  /** The process that owns the agent's socket with this local port. */
  readonly who: (remotePort: number, family: 4 | 6) => Promise<Attribution | undefined>;
  /** The process that asks the resolver from this UDP port, if it is known by now; for the record only. */
  readonly asker?: (remotePort: number, family: 4 | 6) => Attribution | undefined;
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
