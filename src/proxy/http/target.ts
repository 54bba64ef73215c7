// A request head and the verified peer enter, the path to judge and forward leaves, or why the request must not be forwarded.
import { canonicalHost } from '../names/canonical-host.ts';
import type { RequestHead } from './head.ts';

export interface Origin {
  /** The verified name. */
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

/** Where a request says that it goes. */
export type AskedTarget = Pick<RequestHead, 'method' | 'target' | 'host'>;

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
const SEGMENT = /[/\\]/;
const DOT_SEGMENT = /^\.{1,2}(?:(?:;|%00).*)?$/;
/** Servers behind servers decode again what was decoded (CVE-2021-42013); more often than this nobody does. */
const DECODINGS = 3;
const ENCODED = /%([2-7][\da-f])/gi;
/** Overlong UTF-8 (RFC 3629, section 3) and `%u`: malformed, and yet read by some. */
const LENIENT_DOT = /%(?:c0%ae|e0%80%ae|f0%80%80%ae|u002e)/gi;
const LENIENT_SEPARATOR = /%(?:c0%af|e0%80%af|f0%80%80%af|u002f|c1%9c|e0%81%9c|f0%80%81%9c|u005c)/gi;
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

function readTarget(head: AskedTarget, origin: Origin): string | Misdirected {
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
  if (!path.includes('.') && !path.includes('%')) return false;
  const [beforeQuery = ''] = path.split('?', 1);
  let read = beforeQuery;
  for (let i = 0; i < DECODINGS && read.includes('%'); i++)
    read = read
      .replace(LENIENT_DOT, '.')
      .replace(LENIENT_SEPARATOR, '/')
      .replace(ENCODED, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return read.split(SEGMENT).some((segment) => DOT_SEGMENT.test(segment));
}

function hostField(head: AskedTarget, origin: Origin): string {
  const name = origin.name.includes(':') ? `[${origin.name}]` : origin.name;
  return /:\d+$/.test(head.host ?? '') ? `${name}:${origin.port}` : name;
}

/** The dialled name, the SNI and the request must name one host (RFC 9110, section 7.4); this checks the last of the three. */
export function requestTarget(head: AskedTarget, origin: Origin): Target | Misdirected {
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
