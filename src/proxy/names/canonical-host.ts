// One spelling per host: text from a DNS query, an SNI, a Host header or an operator enters, the name that policy judges leaves.
import { domainToASCII } from 'node:url';
import { canonicalAddress } from './address.ts';

const MAX_NAME = 253;
/** Letters, digits, hyphen and underscore (RFC 1123, RFC 2782), last label not numeric: no other spelling exists. */
const PLAIN_NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Canonical form of a host: lower case, no trailing dot, IDN as A-labels (UTS #46), an IP literal as canonical text.
 *
 * Odd spellings of addresses (`0x7f.1`, `2130706433`, `[::FFFF:127.0.0.1]`) become the address, as every URL parser reads them
 * (WHATWG URL, host parsing); so no spelling escapes a rule on the address.
 * @returns undefined when the text is no host.
 */
export function canonicalHost(text: string): string | undefined {
  const lower = text.toLowerCase();
  const name = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  if (name === '' || name.length > MAX_NAME) return undefined;
  if (PLAIN_NAME.test(name) && !name.includes('xn--')) return name;
  const bracketed = name.startsWith('[') && name.endsWith(']');
  const address = canonicalAddress(bracketed ? name.slice(1, -1) : name);
  if (address !== undefined || bracketed) return address;
  // domainToASCII parses a whole URL host: it would cut at a delimiter and decode escapes.
  if (/[\0-\x20\x7f%/\\?#@:[\]<>^|]/.test(name)) return undefined;
  const ascii = domainToASCII(name);
  if (ascii === '' || ascii.length > MAX_NAME) return undefined;
  return PLAIN_NAME.test(ascii) ? ascii : canonicalAddress(ascii);
}

/** Whether a canonical name means the machine that asks (RFC 6761, section 6.3). */
export function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

/** The only names that mean the loopback of the host outside the sandbox. */
const HOST_LOOPBACK: ReadonlySet<string> = new Set(['host.docker.internal', 'host.leash.internal']);

export function isHostLoopback(name: string): boolean {
  return HOST_LOOPBACK.has(name);
}

/** Top levels that private networks use (RFC 6762, sections 3 and G; RFC 8375; ICANN's .internal), and none of the open network. */
const LOCAL_NAME = /^[^.]+$|\.(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/;

/** Whether a canonical name can mean something only within one network or one machine. */
export function isLocalName(name: string): boolean {
  return LOCAL_NAME.test(name);
}
