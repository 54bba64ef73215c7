// Where a connection was aimed enters, the name that policy judges leaves, or why there is none.
import { canonicalAddress, vetAddress } from '../names/address.ts';
import { canonicalHost } from '../names/canonical-host.ts';
import type { SyntheticNames } from '../names/synthetic-names.ts';
import type { Destination, UpstreamOptions } from '../options.ts';
import type { ClientHello } from '../tls/client-hello.ts';

export interface Identity {
  /** Verified name, or the address in canonical text when the agent dialled one. */
  readonly name: string;
  readonly isLiteral: boolean;
}

export interface Unidentified {
  readonly name: string;
  readonly refusal: string;
}

/**
 * A synthetic address stands for the one name it was given to; any other address stands for itself.
 * Loopback is the sandbox's own and never comes here honestly; other special addresses need the operator's override.
 */
export function identify(
  { address, port }: Destination,
  names: SyntheticNames,
  overrides: UpstreamOptions['resolveOverrides'],
): Identity | Unidentified {
  const literal = canonicalAddress(address);
  if (literal === undefined) return { name: address, refusal: 'the destination is not an address' };
  if (names.isSynthetic(literal)) {
    const name = names.nameOf(literal);
    return name === undefined
      ? { name: literal, refusal: 'no name was resolved to this address' }
      : { name, isLiteral: false };
  }
  const kind = vetAddress(literal);
  if (kind === 'loopback' || kind === 'unspecified') return { name: literal, refusal: `the destination is ${kind}` };
  const isOverridden = overrides.has(`${literal}:${port}`) || overrides.has(literal);
  if (kind !== 'public' && !isOverridden) return { name: literal, refusal: `the destination is a ${kind} address` };
  return { name: literal, isLiteral: true };
}

/**
 * Why a TLS connection may not go on to the identified peer, or undefined. The server name must be the dialled one, so that a
 * connection to a permitted name cannot ask a shared server for another (domain fronting). Absent, it contradicts nothing.
 */
export function nameObjection({ serverName }: ClientHello, { name, isLiteral }: Identity): string | undefined {
  if (serverName !== undefined && canonicalHost(serverName) !== name) {
    const shown = serverName.slice(0, 100).replace(/[^\x21-\x7e]/g, '?');
    return `TLS asks for "${shown}", the connection is to ${isLiteral ? 'address ' : ''}${name}`;
  }
  return undefined;
}

/** Why a TLS connection cannot be opened, or undefined. */
export function protocolObjection({ alpn }: ClientHello): string | undefined {
  if (alpn.length > 0 && !alpn.includes('http/1.1') && !alpn.includes('h2'))
    return `the client speaks ${alpn
      .join(', ')
      .slice(0, 100)
      .replace(/[^\x20-\x7e]/g, '?')} only`;
  return undefined;
}
