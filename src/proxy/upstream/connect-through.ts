// A connection to a parent proxy enters, the same connection leads to the target when it leaves (CONNECT, RFC 9110, section 9.3.6).
import { Buffer } from 'node:buffer';
import net from 'node:net';
import { ProtocolError, parseResponseHead, type ResponseHead } from '../http/head.ts';
import { MessageReader } from '../http/reader.ts';
import { converse } from './converse.ts';
import { quoted, UpstreamError } from './failure.ts';
import type { ParentProxy } from './parent-proxies.ts';

/** Interim responses before the answer; more is no proxy. */
const MAX_INTERIM = 16;

/** `name:port` as an authority (RFC 3986, section 3.2). */
export function authorityOf(name: string, port: number): string {
  return net.isIPv6(name) ? `[${name}]:${port}` : `${name}:${port}`;
}

function connectRequest(authority: string, proxy: ParentProxy): Buffer {
  const { authorization } = proxy;
  const credentials = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  return Buffer.from(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`, 'latin1');
}

/** The proxy answered 407. */
export function authenticationFailure(proxy: ParentProxy): UpstreamError {
  const why =
    proxy.authorization === undefined
      ? `wants a user and password: write them into ${proxy.variable} as http://user:password@host:port`
      : `does not accept the user and password in ${proxy.variable}`;
  return new UpstreamError('ERR_PROXY_AUTH', `${proxy} ${why}`);
}

function refusal(head: ResponseHead, authority: string, proxy: ParentProxy): UpstreamError {
  if (head.status === 407) return authenticationFailure(proxy);
  const phrase = quoted(head.startLine.replace(/^\S+ /, ''));
  return new UpstreamError('ERR_PROXY_REFUSED', `${proxy} does not connect to ${authority}: it answered ${phrase}`);
}

/** The proxy's final answer, or undefined until it is complete. @throws ProtocolError */
function answer(reader: MessageReader<ResponseHead>, seen: { interim: number }): ResponseHead | undefined {
  for (let head = reader.head(); head !== undefined; head = reader.head()) {
    if (head.status >= 200) return head;
    if (head.status === 101 || ++seen.interim > MAX_INTERIM)
      throw new ProtocolError('unexpected interim response', 502);
  }
  return undefined;
}

/**
 * Asks an HTTP proxy for a tunnel.
 * @param timeout milliseconds until its answer
 * @returns the same socket, past the answer
 * @throws UpstreamError ERR_PROXY_AUTH, ERR_PROXY_REFUSED, or of `converse`
 */
export function connectThrough(
  socket: net.Socket,
  proxy: ParentProxy,
  target: { readonly name: string; readonly port: number },
  timeout: number,
): Promise<net.Socket> {
  const authority = authorityOf(target.name, target.port);
  const reader = new MessageReader(parseResponseHead, 502);
  const seen = { interim: 0 };
  return converse(socket, proxy, timeout, connectRequest(authority, proxy), (bytes) => {
    reader.push(bytes);
    const head = answer(reader, seen);
    if (head === undefined) return undefined;
    if (head.status > 299) throw refusal(head, authority, proxy);
    return reader.rest() ?? Buffer.alloc(0);
  });
}
