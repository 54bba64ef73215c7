// An admitted connection enters; its first bytes choose the relay that serves it: HTTP, HTTPS after termination, or raw.
import type net from 'node:net';
import { assertNever } from '../../host/errors.ts';
import type { Emit } from '../../schema/event.ts';
import { HttpRelay } from '../http/relay.ts';
import type { Decide, Timeouts } from '../options.ts';
import type { ClientHello } from '../tls/client-hello.ts';
import type { SessionCa } from '../tls/session-ca.ts';
import type { Dialer } from '../upstream/dial.ts';
import type { UpstreamPool } from '../upstream/pool.ts';
import { UpstreamError } from '../upstream/resolve.ts';
import { helloObjection } from './identify.ts';
import type { Link } from './link.ts';
import { type Peeked, peek, speaksFirst } from './peek.ts';
import { tunnel } from './tunnel.ts';

const HTTPS_PORT = 443;
const FIRST_BYTES_TIMEOUT = 10_000;
/** A client silent for this long may be waiting for a server that speaks first (SSH, SMTP, MySQL). */
const SILENCE = 300;

export interface Route {
  readonly dialer: Dialer;
  readonly pool: UpstreamPool;
  readonly ca: () => Promise<SessionCa> | SessionCa;
  readonly decide: Decide;
  readonly emit: Emit;
  readonly epoch: () => number;
  readonly timeouts: Timeouts;
}

/** Serves the connection until its relay has taken over, or, without one, until it ends. */
export async function route(link: Link, way: Route): Promise<void> {
  const patience = way.timeouts.firstBytes ?? FIRST_BYTES_TIMEOUT;
  if (link.peer.port === HTTPS_PORT) return await dispatch(link, await peek(link.socket, patience), way);
  const early = await peek(link.socket, Math.min(SILENCE, patience));
  if (early.kind !== 'silent') return await dispatch(link, early, way);
  if (early.received > 0) return await dispatch(link, await peek(link.socket, patience), way);
  await awaitEither(link, patience, way);
}

async function dispatch(link: Link, first: Peeked, way: Route, upstream?: net.Socket): Promise<void> {
  if (first.kind !== 'other') upstream?.destroy();
  switch (first.kind) {
    case 'tls':
      return await intercept(link, first.hello, way);
    case 'http':
      return relayHttp(link, link.socket, 'http', way);
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
  const { decide, emit, pool, epoch, timeouts } = way;
  link.relay = new HttpRelay(socket, {
    peer: link.peer,
    scheme,
    decide,
    emit,
    pool,
    epoch,
    headTimeout: timeouts.head,
  });
}

async function intercept(link: Link, hello: ClientHello, way: Route): Promise<void> {
  const objection = helloObjection(hello, link.peer);
  if (objection !== undefined) return link.reject(objection);
  const ca = await way.ca();
  const { terminateTls } = await import('../tls/terminate.ts');
  let secure: net.Socket;
  try {
    secure = await terminateTls(link.socket, ca.contextFor(link.peer.name));
  } catch (error) {
    // Usually a client that pins certificates or does not read the trust variables.
    const cause = error instanceof Error ? error.message : 'unknown';
    return link.failed('EPROTO', `the client did not complete TLS with the session certificate: ${cause}`);
  }
  relayHttp(link, secure, 'https', way);
}

async function dial(link: Link, way: Route): Promise<net.Socket | undefined> {
  try {
    return await way.dialer.tcp(link.peer.name, link.peer.port);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.refused) link.reject(error.message);
    else link.failed(error.code, error.message);
    return undefined;
  }
}

async function relayRaw(link: Link, way: Route, connected?: net.Socket): Promise<void> {
  const upstream = connected ?? (await dial(link, way));
  if (upstream !== undefined) link.ended(await tunnel(link.socket, upstream));
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
  if (isServerFirst && first.kind === 'silent') return await relayRaw(link, way, upstream);
  await dispatch(link, upstream.destroyed && first.kind === 'silent' ? { kind: 'ended' } : first, way, upstream);
}
