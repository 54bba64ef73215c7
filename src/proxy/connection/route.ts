// An admitted connection enters; its first bytes choose the relay that serves it: HTTP, HTTPS after termination, or raw.
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { assertNever } from '../../host/errors.ts';
import type { Emit } from '../../schema/event.ts';
import type { Reads } from '../exchange/ambiguity.ts';
import { Gate } from '../exchange/gate.ts';
import type { Broker } from '../exchange/passage.ts';
import { HttpRelay } from '../http/relay.ts';
import type { Http2Support, ServeHttp2 } from '../http2/support.ts';
import type { Ask, Decide, Decision, Peer, ProxyOptions, Timeouts } from '../options.ts';
import { HandshakeAbandoned, rejectionIn, remedyFor } from '../tls/rejection.ts';
import type { SessionCa } from '../tls/session-ca.ts';
import type { Dialer } from '../upstream/dial.ts';
import { UpstreamError } from '../upstream/failure.ts';
import type { UpstreamPool } from '../upstream/pool.ts';
import type { FirstBytes } from './first-bytes.ts';
import { nameObjection, protocolObjection } from './identify.ts';
import type { Link } from './link.ts';
import { isHttpServer, type Peeked, peek, speaksFirst } from './peek.ts';
import type { Refusals } from './refusals.ts';
import { maySplice, type SpliceRules, splice } from './splice.ts';
import { tunnel } from './tunnel.ts';

/** Where HTTP is spoken, and rules on its requests are meant to hold. */
const WEB_PORTS: ReadonlySet<number> = new Set([80, 443]);
const NOT_HTTP =
  'on this port bytes that are neither TLS nor HTTP pass only where a permit says context.protocol == "tcp"';
/** 421 Misdirected Request (RFC 9110, section 15.5.20). */
const MISDIRECTED = 421;
const FIRST_BYTES_TIMEOUT = 10_000;
/** A client silent for this long may be waiting for a server that speaks first (SSH, SMTP, MySQL). */
const SILENCE = 300;

export interface Route extends SpliceRules {
  readonly dialer: Dialer;
  readonly pool: UpstreamPool;
  readonly http2: Http2Support;
  readonly ca: () => Promise<SessionCa> | SessionCa;
  readonly decide: Decide;
  readonly ask: Ask | undefined;
  readonly emit: Emit;
  readonly epoch: () => number;
  readonly namesTransport: ((decision: Decision) => boolean) | undefined;
  readonly brokers: readonly Broker[];
  readonly reads: Reads;
  readonly refusals: Refusals;
  readonly certificateRejected: ProxyOptions['certificateRejected'];
  readonly timeouts: Timeouts;
}

/** What requests of HTTP/1.1 are judged and recorded with. */
export type HttpWay = Pick<Route, 'decide' | 'ask' | 'emit' | 'pool' | 'epoch' | 'timeouts' | 'brokers' | 'reads'>;

/** @param socket whose requests are for `peer`, and judged as its */
export function httpRelay(socket: Duplex, peer: Peer, scheme: 'http' | 'https', way: HttpWay): HttpRelay {
  const { decide, ask, emit, pool, epoch, timeouts, brokers, reads } = way;
  const gate = new Gate({ peer, scheme, decide, ask, brokers, reads, epoch });
  return new HttpRelay(socket, { peer, scheme, gate, emit, pool, epoch, headTimeout: timeouts.head });
}

/** Serves the connection until its relay has taken over, or, without one, until it ends. */
export async function route(link: Link, way: Route): Promise<void> {
  const patience = way.timeouts.firstBytes ?? FIRST_BYTES_TIMEOUT;
  if (!mayBeRaw(link, way)) return await dispatch(link, await peek(link.socket, patience), way);
  const early = await peek(link.socket, Math.min(SILENCE, patience));
  if (early.kind !== 'silent') return await dispatch(link, early, way);
  if (early.received > 0) return await dispatch(link, await peek(link.socket, patience), way);
  await awaitEither(link, patience, way);
}

function mayBeRaw(link: Link, way: Route): boolean {
  return !WEB_PORTS.has(link.peer.port) || (way.namesTransport?.(link.decision) ?? false);
}

async function dispatch(link: Link, first: Peeked, way: Route, upstream?: net.Socket): Promise<void> {
  if (first.kind !== 'other') upstream?.destroy();
  switch (first.kind) {
    case 'tls':
      return await relayTls(link, first, way);
    case 'http':
      return relayHttp(link, link.socket, 'http', way);
    case 'http2':
      return await relayHttp2(link, link.socket, 'http', way, await way.http2.server());
    case 'other':
      return await relayRaw(link, way, upstream);
    case 'malformed':
      return link.reject('the first bytes are neither valid TLS nor a protocol that can be told apart from HTTP');
    case 'silent':
      return link.reject('the client did not say in time what it speaks');
    case 'ended':
      link.socket.destroy();
      return;
    default:
      assertNever(first);
  }
}

function relayHttp(link: Link, socket: net.Socket, scheme: 'http' | 'https', way: Route): void {
  link.relay = httpRelay(socket, link.peer, scheme, way);
}

/** Serves the connection until what became of its requests is recorded. @param spoke called when the client has said anything */
async function relayHttp2(
  link: Link,
  socket: net.Socket,
  scheme: 'http' | 'https',
  way: Route,
  serve: ServeHttp2,
  spoke?: () => void,
): Promise<void> {
  const { decide, ask, emit, epoch, timeouts, brokers, reads } = way;
  const { peer } = link;
  const gate = new Gate({ peer, scheme, decide, ask, brokers, reads, epoch });
  const relay = serve(socket, { peer, scheme, gate, emit, epoch, spoke, headTimeout: timeouts.head });
  link.relay = relay;
  await relay.over;
}

type Tls = FirstBytes & { readonly kind: 'tls' };

async function relayTls(link: Link, first: Tls, way: Route): Promise<void> {
  const objection = nameObjection(first.hello, link.peer);
  if (objection !== undefined) return await link.deny(objection, first, way.refusals, MISDIRECTED);
  if (!maySplice(link.peer, way)) return await intercept(link, first, way);
  const upstream = await dial(link, way, first);
  if (upstream !== undefined) await splice(link, first.hello, upstream);
}

async function intercept(link: Link, first: Tls, way: Route): Promise<void> {
  const objection = protocolObjection(first.hello);
  if (objection !== undefined) return link.reject(objection);
  const ca = await way.ca();
  const { terminateTls } = await import('../tls/terminate.ts');
  const { name, port } = link.peer;
  const protocol = await way.http2.protocolFor({ name, port, scheme: 'https' }, first.hello.alpn);
  const serve = protocol === 'h2' ? await way.http2.server() : undefined;
  // The client may have left meanwhile.
  if (link.socket.destroyed) return;
  let secure: net.Socket;
  try {
    secure = await terminateTls(link.socket, ca.contextFor(name), protocol);
  } catch (error) {
    return certificateFailed(link, error, way);
  }
  const spoke = watchForRejection(link, secure, way);
  if (serve !== undefined) return await relayHttp2(link, secure, 'https', way, serve, spoke);
  secure.once('data', spoke);
  relayHttp(link, secure, 'https', way);
}

/**
 * Some clients look at the certificate when the handshake is over: an alert comes then before any request, or nothing at all.
 * @returns to be called when the client has said something.
 */
function watchForRejection(link: Link, secure: net.Socket, way: Route): () => void {
  let isDecided = false;
  const decide = (error?: unknown): void => {
    if (isDecided) return;
    isDecided = true;
    if (error !== undefined) certificateFailed(link, error, way);
  };
  secure.once('end', () => decide(new HandshakeAbandoned('closed before any request')));
  secure.once('error', decide);
  return () => decide();
}

/** Usually a client that pins certificates, or does not read the trust variables. */
function certificateFailed(link: Link, error: unknown, way: Route): void {
  const { name, port } = link.peer;
  const host = `${name.includes(':') ? `[${name}]` : name}:${port}`;
  const rejection = rejectionIn(error);
  if (rejection === undefined) {
    const cause = error instanceof Error ? error.message : 'unknown';
    link.failed('EPROTO', `TLS with the client failed: ${cause}`);
    return;
  }
  const remedy = remedyFor(host, rejection);
  link.failed('EPROTO', remedy);
  way.certificateRejected?.(name, port, remedy);
}

async function dial(link: Link, way: Route, first?: Tls): Promise<net.Socket | undefined> {
  try {
    return await way.dialer.tcp(link.peer.name, link.peer.port, first && 'https');
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.refused && first !== undefined) await link.deny(error.message, first, way.refusals);
    else if (error.refused) link.reject(error.message);
    else link.failed(error.code, error.message);
    return undefined;
  }
}

async function relayRaw(link: Link, way: Route, connected?: net.Socket): Promise<void> {
  if (!mayBeRaw(link, way)) {
    link.reject(NOT_HTTP);
    return;
  }
  const upstream = connected ?? (await dial(link, way));
  if (upstream === undefined) return;
  link.upstream = upstream;
  link.ended(await tunnel(link.socket, upstream));
}

/**
 * Connects a silent client and waits for whichever side speaks first. Only a server that does makes the connection raw: a client
 * that merely waits before its request is still read as what it sends, so waiting does not get around the HTTP relay.
 */
async function awaitEither(link: Link, patience: number, way: Route): Promise<void> {
  const upstream = await dial(link, way);
  if (upstream === undefined) return;
  upstream.on('error', () => {});
  const stop = new AbortController();
  const client = peek(link.socket, patience, stop.signal);
  const serverSpoke = speaksFirst(upstream, stop.signal);
  const isServerFirst = await Promise.race([serverSpoke, client.then(() => false)]);
  stop.abort();
  const first = await client;
  if (isServerFirst && first.kind === 'silent') {
    if (!isHttpServer(upstream)) return await relayRaw(link, way, upstream);
    upstream.destroy();
    link.reject(
      'the server speaks HTTP before it was asked, so nothing that follows could be told apart from requests',
    );
    return;
  }
  await dispatch(link, upstream.destroyed && first.kind === 'silent' ? { kind: 'ended' } : first, way, upstream);
}
