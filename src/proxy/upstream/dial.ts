// Vetted addresses enter, connected sockets leave: TCP, and TLS verified against the name whatever the environment says.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import type { ConnectionOptions, SecureContext, TLSSocket } from 'node:tls';
import type { UpstreamOptions } from '../options.ts';
import { type Endpoint, resolveEndpoint, UpstreamError } from './resolve.ts';

const CONNECT_TIMEOUT = 15_000;
const MAX_TLS_SESSIONS = 256;

export interface UpstreamTarget {
  /** Verified name or literal address, canonical. */
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

function settle<Socket extends net.Socket>(
  socket: Socket,
  ready: string,
  timeout: number,
  what: string,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => fail(new UpstreamError('ETIMEDOUT', `${what}: no answer in ${timeout} ms`)),
      timeout,
    );
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      const code = 'code' in error ? String(error.code) : 'EPROTO';
      reject(error instanceof UpstreamError ? error : new UpstreamError(code, `${what}: ${error.message}`));
    };
    const closed = (): void => fail(new UpstreamError('ECONNRESET', `${what}: closed by the server`));
    socket.once('error', fail);
    socket.once('close', closed);
    socket.once(ready, () => {
      clearTimeout(timer);
      socket.off('error', fail);
      socket.off('close', closed);
      resolve(socket);
    });
  });
}

/** PEM roots beyond Node's own. NODE_EXTRA_CA_CERTS is read here because an explicit list replaces Node's, which includes it. */
function trustedRoots(extra: readonly string[], bundled: readonly string[]): string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  let fromFile: string[] = [];
  try {
    if (file !== undefined && file !== '') fromFile = [readFileSync(file, 'utf8')];
  } catch {
    // Node warns of an unreadable file at start-up; fewer roots means fewer servers trusted.
  }
  return [...bundled, ...fromFile, ...extra];
}

/** Opens connections to upstream servers for one session. */
export class Dialer {
  readonly #options: UpstreamOptions;
  readonly #timeout: number;
  /** TLS sessions to resume, by name and port; oldest first. */
  readonly #sessions: Map<string, Buffer> = new Map();
  #context: SecureContext | undefined;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#timeout = options.timeouts?.connect ?? CONNECT_TIMEOUT;
  }

  /** @throws UpstreamError */
  async tcp(name: string, port: number): Promise<net.Socket> {
    const endpoint = await resolveEndpoint(name, port, this.#options);
    return await this.#connect(name, endpoint);
  }

  /** TCP for http, verified TLS for https. @throws UpstreamError */
  async open(target: UpstreamTarget): Promise<net.Socket> {
    const socket = await this.tcp(target.name, target.port);
    return target.scheme === 'http' ? socket : await this.#secure(socket, target);
  }

  #connect(name: string, { addresses, port }: Endpoint): Promise<net.Socket> {
    // Node tries the vetted addresses in turn (RFC 8305) and cannot find others: the lookup knows no more.
    const lookup: net.LookupFunction = (_host, options, callback) => {
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, addresses[0].address, addresses[0].family);
    };
    const socket = net.connect({
      host: 'vetted.invalid',
      port,
      lookup,
      autoSelectFamily: true,
      noDelay: true,
      allowHalfOpen: true,
    });
    return settle(socket, 'connect', this.#timeout, `${name}:${port}`);
  }

  async #secure(socket: net.Socket, { name, port }: UpstreamTarget): Promise<TLSSocket> {
    const tls = await import('node:tls');
    this.#context ??= tls.createSecureContext({
      ca: trustedRoots(this.#options.ca ?? [], tls.rootCertificates),
      minVersion: 'TLSv1.2',
    });
    const key = `${name}:${port}`;
    const session = this.#sessions.get(key);
    const options: ConnectionOptions = {
      socket,
      secureContext: this.#context,
      // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in our environment changes nothing.
      rejectUnauthorized: true,
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(name, certificate),
      ALPNProtocols: ['http/1.1'],
      // RFC 6066, section 3: no address in SNI.
      servername: net.isIP(name) === 0 ? name : '',
      ...(session === undefined ? {} : { session }),
    };
    const secure = tls.connect(options);
    secure.on('session', (ticket) => this.#remember(key, ticket));
    return await settle(secure, 'secureConnect', this.#timeout, `TLS with ${key}`);
  }

  #remember(key: string, ticket: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, ticket);
    if (this.#sessions.size > MAX_TLS_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value ?? key);
  }
}
