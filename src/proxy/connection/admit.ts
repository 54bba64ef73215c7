// An accepted connection enters; it leaves as a Link when its peer and its owner are known and the policy permits it, else it is reset.
import type net from 'node:net';
import type { ConnectRequest } from '../../schema/request.ts';
import type { Broker } from '../exchange/passage.ts';
import { canonicalAddress } from '../names/address.ts';
import {
  type Asker,
  type Attribution,
  type Decide,
  type Decision,
  type Destination,
  isQuestion,
  isRefusal,
  ownRefusal,
  type ProxyOptions,
} from '../options.ts';
import { now } from '../record.ts';
import { identify } from './identify.ts';
import { Link } from './link.ts';
import { refusedConnection } from './record.ts';
import type { Refusals } from './refusals.ts';

const ATTRIBUTION_TIMEOUT = 2_000;

export interface Admission {
  readonly refusals: Refusals;
  readonly options: ProxyOptions;
  readonly brokers: readonly Broker[];
  readonly decide: Decide;
  readonly epoch: () => number;
}

/** The family of the agent's socket on the wire: an IPv4-mapped peer is an IPv4 one. */
function familyOf(socket: net.Socket): 4 | 6 {
  return canonicalAddress(socket.remoteAddress ?? '')?.includes(':') ? 6 : 4;
}

/** Undefined when the promise fails or takes longer than `patience` milliseconds. */
export function within<T>(promise: Promise<T>, patience: number): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patience);
    promise.then(resolve, () => resolve(undefined)).finally(() => clearTimeout(timer));
  });
}

/** The process that opened the connection; undefined when it is not known in time. */
export async function ownerOf(socket: net.Socket, { who }: ProxyOptions): Promise<Attribution | undefined> {
  const { remotePort } = socket;
  return remotePort === undefined ? undefined : await within(who(remotePort, familyOf(socket)), ATTRIBUTION_TIMEOUT);
}

function connectRequest(name: string, { address, port }: Destination, { program }: Attribution): ConnectRequest {
  const ip = canonicalAddress(address) ?? address;
  return { action: 'NetConnect', resource: { type: 'host', name }, program, port, protocol: 'tcp', ip };
}

function askerOf(socket: net.Socket, { who, program }: Attribution): Asker {
  const end = new AbortController();
  socket.once('close', () => end.abort());
  return { who, program, signal: end.signal };
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

/** Says no as readably as the client's protocol permits. */
function explain(
  socket: net.Socket,
  { address, port }: Destination,
  decision: Decision,
  { refusals }: Admission,
  { name, who }: { readonly name: string; readonly who?: Attribution['who'] },
): Promise<void> {
  return refusals.answer(socket, { name, address, port, who }, decision);
}

/** @returns undefined when the connection was turned away, or the agent closed it meanwhile. */
export async function admit(
  socket: net.Socket,
  destination: Destination,
  admission: Admission,
): Promise<Link | undefined> {
  const { options, decide, epoch } = admission;
  const identity = identify(destination, options.names, options.upstream.resolveOverrides);
  const { name } = identity;
  if ('refusal' in identity) {
    await explain(socket, destination, ownRefusal(identity.refusal, epoch()), admission, { name });
    return undefined;
  }
  const attribution = await ownerOf(socket, options);
  if (socket.destroyed) return undefined;
  if (attribution === undefined) {
    turnAway(socket, destination, ownRefusal('no process is known to own this connection', epoch()), admission, {
      name,
    });
    return undefined;
  }
  const request = connectRequest(name, destination, attribution);
  // The engine judged the connect call; a policy may have been loaded since.
  const judged = decide(request);
  const decision =
    isQuestion(judged) && options.ask ? await options.ask(request, askerOf(socket, attribution)) : judged;
  if (socket.destroyed) return undefined;
  if (isRefusal(decision)) {
    await explain(socket, destination, decision, admission, { name, who: attribution.who });
    return undefined;
  }
  const peer = { name, isLiteral: identity.isLiteral, port: destination.port, attribution, request };
  return new Link(socket, peer, decision, options.emit);
}
