// A request head and the verified peer enter, the path to judge and forward leaves, or why the request must not be forwarded.
import { canonicalHost } from '../names/canonical-host.ts';
import type { RequestHead } from './head.ts';

export interface Origin {
  /** The verified name. */
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

export interface Target {
  /** Path and query in origin form, or `*`. */
  readonly path: string;
  /** The Host field to send: the verified name in its one spelling, with the port if the client gave one. */
  readonly host: string;
}

export interface Misdirected {
  readonly status: number;
  readonly reason: string;
}

const ABSOLUTE_FORM = /^(https?):\/\/([^/?#]*)(.*)$/i;
const AUTHORITY = /^(.*?)(?::(\d{0,5}))?$/;
/** Separators as any server may read them; segments between them are compared with `.` and `..`. */
const SEGMENT = /\/|\\|%2f|%5c/i;
const DOT_SEGMENT = /^(?:\.|%2e){1,2}(?:;.*)?$/i;
const MAX_QUOTED = 100;

/** Agent-controlled text for a message: short, printable. */
function quote(text: string): string {
  return `"${text.slice(0, MAX_QUOTED).replace(/[^\x20-\x7e]/g, '?')}"`;
}

/** undefined when `authority` (RFC 3986, section 3.2) means the origin, else what it means. */
function mismatch(authority: string, origin: Origin): string | undefined {
  const [, hostText = '', port] = AUTHORITY.exec(authority) ?? [];
  // A bare IPv6 address is no authority; only brackets tell it from a port.
  const isBareIpv6 = hostText.includes(':') && !hostText.startsWith('[');
  const host = isBareIpv6 ? undefined : canonicalHost(hostText);
  if (host !== origin.name) return `names ${quote(authority)}, the connection is to ${origin.name}`;
  if (port !== undefined && Number(port) !== origin.port) {
    return `names port ${port}, the connection is to port ${origin.port}`;
  }
  return undefined;
}

function readTarget(head: RequestHead, origin: Origin): string | Misdirected {
  const { target, method } = head;
  if (target.startsWith('/')) return target;
  if (target === '*' && method === 'OPTIONS') return target;
  const [, scheme, authority = '', rest = ''] = ABSOLUTE_FORM.exec(target) ?? [];
  if (scheme === undefined || authority.includes('@')) return { status: 400, reason: 'malformed request target' };
  if (scheme.toLowerCase() !== origin.scheme)
    return { status: 421, reason: `target is ${scheme}, the connection is ${origin.scheme}` };
  const wrong = mismatch(authority, origin);
  if (wrong !== undefined) return { status: 421, reason: `request target ${wrong}` };
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Dot segments in any spelling: policy would judge one path and the server serve another (RFC 3986, section 5.2.4). */
function hasDotSegment(path: string): boolean {
  if (!path.includes('.') && !/%2e/i.test(path)) return false;
  const [beforeQuery = ''] = path.split('?', 1);
  return beforeQuery.split(SEGMENT).some((segment) => DOT_SEGMENT.test(segment));
}

function hostField(head: RequestHead, origin: Origin): string {
  const name = origin.name.includes(':') ? `[${origin.name}]` : origin.name;
  return /:\d+$/.test(head.host ?? '') ? `${name}:${origin.port}` : name;
}

/** The dialled name, the SNI and the request must name one host (RFC 9110, section 7.4); this checks the last of the three. */
export function requestTarget(head: RequestHead, origin: Origin): Target | Misdirected {
  if (head.method === 'CONNECT') return { status: 400, reason: 'CONNECT inside a connection' };
  if (head.host === undefined) return { status: 400, reason: 'no Host header' };
  const wrong = mismatch(head.host, origin);
  if (wrong !== undefined) return { status: 421, reason: `Host header ${wrong}` };
  const path = readTarget(head, origin);
  if (typeof path !== 'string') return path;
  if (path.includes('#')) return { status: 400, reason: 'fragment in the request target' };
  if (hasDotSegment(path)) return { status: 400, reason: 'dot segments in the path' };
  return { path, host: hostField(head, origin) };
}
