// Verified names enter, connected sockets leave: straight to vetted addresses, or through the parent proxy of this network.
import net from 'node:net';
import { isLocalName } from '../names/canonical-host.ts';
import type { UpstreamOptions } from '../options.ts';
import { connectTo } from './connect.ts';
import { UpstreamError } from './failure.ts';
import type { Carried, ParentProxy } from './parent-proxies.ts';
import { type Endpoint, isThisMachine, Resolver } from './resolve.ts';
import { TlsClient } from './tls-client.ts';

const CONNECT_TIMEOUT = 15_000;
const HTTP_1: readonly string[] = ['http/1.1'];
const USUAL_PORTS: Readonly<Record<number, Carried>> = { 80: 'http', 443: 'https' };

export interface UpstreamTarget {
  /** Verified name or literal address, canonical. */
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** The request wants the connection for another protocol. */
  readonly isUpgrade?: boolean;
}

/** Opens connections to upstream servers for one session. */
export class Dialer {
  readonly #options: UpstreamOptions;
  readonly #timeout: number;
  readonly #resolver: Resolver;
  readonly #tls: TlsClient;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#timeout = options.timeouts?.connect ?? CONNECT_TIMEOUT;
    this.#resolver = new Resolver(options);
    this.#tls = new TlsClient(options);
  }

  /**
   * @param carried what will pass, where that is known; it chooses the parent proxy
   * @throws UpstreamError
   */
  async tcp(name: string, port: number, carried: Carried = USUAL_PORTS[port] ?? 'other'): Promise<net.Socket> {
    const proxy = this.#proxyFor(name, port, carried);
    if (proxy !== undefined) return await this.#through(proxy, name, port);
    const endpoint = await this.#resolver.endpoint(name, port);
    this.#keepFromOwn(endpoint);
    await this.#keepFromParents(name, endpoint);
    return await connectTo(endpoint.addresses, endpoint.port, `${name}:${port}`, this.#timeout);
  }

  /** The parent proxy that is given the requests for a target, rather than asked for a connection to it. */
  forwarderFor({ name, port, scheme, isUpgrade }: UpstreamTarget): ParentProxy | undefined {
    const proxy = scheme === 'https' || isUpgrade ? undefined : this.#proxyFor(name, port, 'http');
    return proxy?.isSocks ? undefined : proxy;
  }

  /** TCP for http, to the parent proxy if one forwards it; verified TLS for https. @param protocols offered by ALPN (RFC 7301). @throws UpstreamError */
  async open(target: UpstreamTarget, protocols: readonly string[] = HTTP_1): Promise<net.Socket> {
    const { name, port, scheme } = target;
    const forwarder = this.forwarderFor(target);
    if (forwarder !== undefined) return await this.#reach(forwarder, name, port);
    const socket = await this.tcp(name, port, scheme);
    return scheme === 'http' ? socket : await this.#tls.secure(socket, name, port, protocols, this.#timeout);
  }

  #proxyFor(name: string, port: number, carried: Carried): ParentProxy | undefined {
    const { parents } = this.#options;
    // What the operator or Leash itself places is on this machine or near it: no parent proxy could know it.
    if (parents === undefined || this.#resolver.fixed(name, port) !== undefined) return undefined;
    return parents.proxyFor(name, port, carried);
  }

  async #through(proxy: ParentProxy, name: string, port: number): Promise<net.Socket> {
    const socket = await this.#reach(proxy, name, port);
    if (!proxy.isSocks) {
      const { connectThrough } = await import('./connect-through.ts');
      return await connectThrough(socket, proxy, { name, port }, this.#timeout);
    }
    const { connectBySocks } = await import('./socks.ts');
    const asked = proxy.protocol === 'socks5' ? (await this.#resolver.endpoint(name, port)).addresses[0].address : name;
    return await connectBySocks(socket, proxy, { name: asked, port }, this.#timeout);
  }

  /**
   * Connects to the proxy, if the target may be told to it. Where it resolves the name, only a literal address, and what is no name of
   * the open network, can be vetted here.
   */
  async #reach(proxy: ParentProxy, name: string, port: number): Promise<net.Socket> {
    const isVetted = proxy.protocol === 'socks5' || net.isIP(name) !== 0;
    if (isVetted) await this.#keepFromParents(name, await this.#resolver.endpoint(name, port));
    else if (isLocalName(name)) throw refused(`${name} is a name of a local network, which no proxy is asked for`);
    else if (this.#isParent(name, port)) throw refused(parentRefusal(name, port));
    const own = await this.#resolver.trusted(proxy.name, proxy.port);
    const { addresses, port: proxyPort } = own;
    this.#keepFromOwn(own);
    // A proxy on this machine resolves names by itself: whatever the name, it could mean this machine.
    this.#keepFromOwn({ addresses, port });
    const plain = await connectTo(addresses, proxyPort, String(proxy), this.#timeout);
    if (proxy.protocol !== 'https') return plain;
    return await this.#tls.secure(plain, proxy.name, proxy.port, HTTP_1, this.#timeout);
  }

  /**
   * Where Leash takes a person's words, it takes none of an agent's.
   * @throws UpstreamError EACCES
   */
  #keepFromOwn({ addresses, port }: Endpoint): void {
    if (!addresses.some(({ address }) => isThisMachine(address)) || !this.#options.isOwnPort?.(port)) return;
    throw refused(`port ${port} of this machine is Leash's own, which no agent may reach`);
  }

  #isParent(name: string, port: number): boolean {
    return this.#options.parents?.all.some((proxy) => proxy.name === name && proxy.port === port) ?? false;
  }

  /**
   * A parent proxy leads everywhere: a permit for its own name or address must not be one for every host behind it.
   * @throws UpstreamError EACCES
   */
  async #keepFromParents(name: string, { addresses, port }: Endpoint): Promise<void> {
    for (const proxy of this.#options.parents?.all ?? []) {
      if (proxy.port !== port) continue;
      const own = await this.#resolver.trusted(proxy.name, proxy.port).catch(() => undefined);
      const isSame = own?.addresses.some((one) => addresses.some((other) => one.address === other.address)) ?? false;
      if (isSame || proxy.name === name) throw refused(parentRefusal(name, port));
    }
  }
}

function refused(message: string): UpstreamError {
  return new UpstreamError('EACCES', message, true);
}

function parentRefusal(name: string, port: number): string {
  return `${name}:${port} is the parent proxy of this network, which only Leash may use`;
}
