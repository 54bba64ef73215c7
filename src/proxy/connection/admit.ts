// An accepted connection enters; it leaves as a Link when its peer and its owner are known and the policy permits it, else it is reset.
import type net from 'node:net';
import type { ConnectRequest } from '../../schema/request.ts';
import { canonicalAddress } from '../names/address.ts';
import {
  type Attribution,
  type Decide,
  type Decision,
  type Destination,
  isRefusal,
  ownRefusal,
  type ProxyOptions,
} from '../options.ts';
import { now } from '../record.ts';
import { identify } from './identify.ts';
import { Link } from './link.ts';
import { refusedConnection } from './record.ts';

const ATTRIBUTION_TIMEOUT = 2_000;

export interface Admission {
  readonly options: ProxyOptions;
  readonly decide: Decide;
  readonly epoch: () => number;
}

/** The family of the agent's socket on the wire: an IPv4-mapped peer is an IPv4 one. */
function familyOf(socket: net.Socket): 4 | 6 {
  return canonicalAddress(socket.remoteAddress ?? '')?.includes(':') ? 6 : 4;
}

function within<T>(promise: Promise<T>, patience: number): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patience);
    promise.then(resolve, () => resolve(undefined)).finally(() => clearTimeout(timer));
  });
}

function connectRequest(name: string, { address, port }: Destination, { program }: Attribution): ConnectRequest {
  const ip = canonicalAddress(address) ?? address;
  return { action: 'NetConnect', resource: { type: 'host', name }, program, port, protocol: 'tcp', ip };
}

/** Resets a connection that never became a Link, and records why. */
export function turnAway(
  socket: net.Socket,
  { address, port }: Destination,
  decision: Decision,
  admission: Admission,
  known: { readonly name?: string; readonly who?: Attribution['who'] } = {},
): void {
  socket.resetAndDestroy();
  admission.options.emit(
    refusedConnection(now(), { name: known.name ?? address, address, port, who: known.who }, decision),
  );
}

/** @returns undefined when the connection was turned away, or the agent closed it meanwhile. */
export async function admit(
  socket: net.Socket,
  destination: Destination,
  admission: Admission,
): Promise<Link | undefined> {
  const { options, decide, epoch } = admission;
  const { remotePort } = socket;
  const identity = identify(destination, options.names, options.upstream.resolveOverrides);
  const { name } = identity;
  if ('refusal' in identity) {
    turnAway(socket, destination, ownRefusal(identity.refusal, epoch()), admission, { name });
    return undefined;
  }
  const attribution =
    remotePort === undefined ? undefined : await within(options.who(remotePort, familyOf(socket)), ATTRIBUTION_TIMEOUT);
  if (socket.destroyed) return undefined;
  if (attribution === undefined) {
    turnAway(socket, destination, ownRefusal('no process is known to own this connection', epoch()), admission, {
      name,
    });
    return undefined;
  }
  const request = connectRequest(name, destination, attribution);
  // The engine judged the connect call; a policy may have been loaded since.
  const decision = decide(request);
  if (isRefusal(decision)) {
    turnAway(socket, destination, decision, admission, { name, who: attribution.who });
    return undefined;
  }
  const peer = { name, isLiteral: identity.isLiteral, port: destination.port, attribution, request };
  return new Link(socket, peer, decision, options.emit);
}
