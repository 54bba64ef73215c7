// A connection to a SOCKS 5 proxy enters, the same connection leads to the target when it leaves (RFC 1928, RFC 1929).
import { Buffer } from 'node:buffer';
import type net from 'node:net';
import { ProtocolError } from '../http/head.ts';
import { addressBytes } from '../names/address.ts';
import { converse } from './converse.ts';
import { UpstreamError } from './failure.ts';
import type { ParentProxy } from './parent-proxies.ts';

const VERSION = 5;
const METHOD = { none: 0, password: 2, unacceptable: 0xff } as const;
const PASSWORD_VERSION = 1;
const CONNECT = 1;
const ADDRESS = { ipv4: 1, name: 3, ipv6: 4 } as const;
/** RFC 1928, section 6. */
const REPLIES: Readonly<Record<number, string>> = {
  1: 'general failure',
  2: 'not allowed by its rules',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'time to live expired',
  7: 'command not supported',
  8: 'address type not supported',
};

interface Target {
  /** Canonical name or address. */
  readonly name: string;
  readonly port: number;
}

function request({ name, port }: Target): Buffer {
  const bytes = addressBytes(name);
  const text = Buffer.from(name, 'latin1');
  const where =
    bytes === undefined
      ? Buffer.concat([Buffer.of(ADDRESS.name, text.length), text])
      : Buffer.of(bytes.length === 4 ? ADDRESS.ipv4 : ADDRESS.ipv6, ...bytes);
  return Buffer.concat([Buffer.of(VERSION, CONNECT, 0), where, Buffer.of(port >> 8, port & 0xff)]);
}

function passwordMessage([user, password]: readonly [Buffer, Buffer]): Buffer {
  return Buffer.concat([Buffer.of(PASSWORD_VERSION, user.length), user, Buffer.of(password.length), password]);
}

function unauthenticated(proxy: ParentProxy): UpstreamError {
  const why =
    proxy.credentials === undefined
      ? `wants a user and password: write them into ${proxy.variable} as ${proxy.protocol}://user:password@host:port`
      : `does not accept the user and password in ${proxy.variable}`;
  return new UpstreamError('ERR_PROXY_AUTH', `${proxy} ${why}`);
}

/** Bytes of the final reply, as far as the first five tell. @throws ProtocolError */
function replyLength(bytes: Buffer): number {
  switch (bytes[3]) {
    case ADDRESS.ipv4:
      return 10;
    case ADDRESS.ipv6:
      return 22;
    case ADDRESS.name:
      return 7 + (bytes[4] ?? 0);
    default:
      throw new ProtocolError('unknown type of address', 502);
  }
}

/** The client's side, up to the proxy's final reply. */
class Dialogue {
  readonly #socket: net.Socket;
  readonly #proxy: ParentProxy;
  readonly #target: Target;
  #stage: 'method' | 'password' | 'reply' = 'method';
  #pending: Buffer = Buffer.alloc(0);

  constructor(socket: net.Socket, proxy: ParentProxy, target: Target) {
    this.#socket = socket;
    this.#proxy = proxy;
    this.#target = target;
  }

  get greeting(): Buffer {
    return this.#proxy.credentials === undefined
      ? Buffer.of(VERSION, 1, METHOD.none)
      : Buffer.of(VERSION, 2, METHOD.none, METHOD.password);
  }

  take(bytes: Buffer): Buffer | undefined {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    while (this.#stage !== 'reply' && this.#pending.length >= 2) {
      const [version = 0, value = 0] = this.#pending;
      this.#pending = this.#pending.subarray(2);
      if (this.#stage === 'method') this.#method(version, value);
      else this.#passwordVerdict(version, value);
    }
    return this.#stage === 'reply' ? this.#reply() : undefined;
  }

  #method(version: number, method: number): void {
    if (version !== VERSION) throw new ProtocolError('not SOCKS 5', 502);
    if (method === METHOD.unacceptable) throw unauthenticated(this.#proxy);
    const { credentials } = this.#proxy;
    if (method === METHOD.password && credentials !== undefined) {
      this.#socket.write(passwordMessage(credentials));
      this.#stage = 'password';
    } else if (method === METHOD.none) this.#ask();
    else throw new ProtocolError('a method that was not offered', 502);
  }

  #passwordVerdict(version: number, status: number): void {
    if (version !== PASSWORD_VERSION) throw new ProtocolError('not RFC 1929', 502);
    if (status !== 0) throw unauthenticated(this.#proxy);
    this.#ask();
  }

  #ask(): void {
    this.#socket.write(request(this.#target));
    this.#stage = 'reply';
  }

  #reply(): Buffer | undefined {
    const bytes = this.#pending;
    if (bytes.length < 2) return undefined;
    if (bytes[0] !== VERSION) throw new ProtocolError('not SOCKS 5', 502);
    const code = bytes[1] ?? 0;
    if (code !== 0) {
      const { name, port } = this.#target;
      const why = REPLIES[code] ?? `reply ${code}`;
      throw new UpstreamError('ERR_PROXY_REFUSED', `${this.#proxy} does not connect to ${name}:${port}: ${why}`);
    }
    if (bytes.length < 5) return undefined;
    const length = replyLength(bytes);
    return bytes.length < length ? undefined : bytes.subarray(length);
  }
}

/**
 * Asks a SOCKS 5 proxy for a connection.
 * @param timeout milliseconds for the whole conversation
 * @returns the same socket, past the proxy's reply
 * @throws UpstreamError ERR_PROXY_AUTH, ERR_PROXY_REFUSED, or of `converse`
 */
export function connectBySocks(
  socket: net.Socket,
  proxy: ParentProxy,
  target: Target,
  timeout: number,
): Promise<net.Socket> {
  const dialogue = new Dialogue(socket, proxy, target);
  return converse(socket, proxy, timeout, dialogue.greeting, (bytes) => dialogue.take(bytes));
}
