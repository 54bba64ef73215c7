// A TLS connection on which nothing needs to be seen enters; its bytes pass to the real server and back, which keeps its own certificate.
import type net from 'node:net';
import type { Broker } from '../exchange/passage.ts';
import type { Peer, ProxyOptions } from '../options.ts';
import type { ClientHello } from '../tls/client-hello.ts';
import type { Link } from './link.ts';
import { tunnel } from './tunnel.ts';

export interface SpliceRules {
  readonly splices: ProxyOptions['splices'];
  readonly brokers: readonly Broker[];
}

/** Asked when the connection begins, and again after each reload of the policy. */
export function maySplice(peer: Peer, { splices, brokers }: SpliceRules): boolean {
  return splices?.(peer.request) === true && !brokers.some((broker) => broker.needs?.(peer));
}

/**
 * Relays until both sides have ended. The ClientHello is still in `link.socket`; that its name is the peer's was checked before. What
 * is said inside, another host's name in a Host field too, is not seen.
 */
export async function splice(link: Link, { serverName }: ClientHello, upstream: net.Socket): Promise<void> {
  link.isSpliced = true;
  link.upstream = upstream;
  const result = await tunnel(link.socket, upstream);
  link.ended({
    ...result,
    detail: { tls: 'spliced', ...(serverName !== undefined && { sni: serverName.slice(0, 255) }) },
  });
}
