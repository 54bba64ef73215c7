// The head of a request in, why it is not even routed out: what no page of another site, and no name of another machine, may ask. No I/O.
import type { ErrorCode } from '../host/errors.ts';
import { type ListenAddress, listenText } from './listen-address.ts';

export interface Head {
  readonly method: string;
  /** As sent. */
  readonly target: string;
  /** Names and values in turn, as sent: repeated ones are seen. */
  readonly rawHeaders: readonly string[];
}

export interface Objection {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const TARGET_MAX = 4_096;
/** Headers that two parties could read differently when they stand there twice (RFC 9110, section 5.3). */
const SINGLE: ReadonlySet<string> = new Set(['host', 'origin', 'authorization', 'content-type', 'content-length']);

/** Undefined: a socket that has a path. */
export type Place = ListenAddress | undefined;

/** Names of the address that is bound: any other that leads here was made to (DNS rebinding). */
function hostsOf(place: Place): readonly string[] {
  return place === undefined ? ['localhost'] : [listenText(place), `localhost:${place.port}`];
}

function forbidden(message: string): Objection {
  return { status: 403, code: 'LEASH_API_ORIGIN', message };
}

function refused(status: number, message: string): Objection {
  return { status, code: 'LEASH_API_INPUT', message };
}

/** Undefined: one of them stands there twice. */
function headersOf(raw: readonly string[]): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    if (headers.has(name) && SINGLE.has(name)) return undefined;
    headers.set(name, raw[at + 1] ?? '');
  }
  return headers;
}

/** Which site asks: browsers say it in headers that no page can set (Fetch, section 4.6; Fetch Metadata). */
function siteObjection(headers: ReadonlyMap<string, string>, place: Place, isPage: boolean): Objection | undefined {
  const host = headers.get('host')?.toLowerCase() ?? '';
  const hosts = hostsOf(place);
  if (!hosts.includes(host)) return forbidden(`the Host header must be ${hosts[0]}`);
  const origin = headers.get('origin');
  if (origin !== undefined && origin !== `http://${host}`)
    return forbidden('requests of pages of other sites are refused');
  const site = headers.get('sec-fetch-site');
  // A link, or the file by which `leash ui` opens a browser. The page itself tells nothing, and is in no frame.
  const isOpened = headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document';
  if (isPage && isOpened) return undefined;
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return forbidden('requests that pages of other sites cause are refused');
  return undefined;
}

function bodyObjection(method: string, headers: ReadonlyMap<string, string>, bodyMax: number): Objection | undefined {
  const length = headers.get('content-length');
  const hasBody = (length !== undefined && length !== '0') || headers.has('transfer-encoding');
  if (READS.has(method)) return hasBody ? refused(400, `${method} takes no body`) : undefined;
  // What a form can post has another type.
  if (hasBody && !/^application\/json(?:;\s*charset=utf-8)?$/i.test(headers.get('content-type') ?? ''))
    return refused(415, 'the body must be application/json');
  if (Number(length ?? 0) > bodyMax) return refused(413, `the body has more than ${bodyMax} bytes`);
  return undefined;
}

/** @param place that is bound. @param bodyMax bytes. */
export function objectionTo(
  { method, target, rawHeaders }: Head,
  place: Place,
  bodyMax: number,
): Objection | undefined {
  const headers = headersOf(rawHeaders);
  if (headers === undefined) return refused(400, 'a header stands there twice');
  const foreign = siteObjection(headers, place, method === 'GET' && !/^\/(?:api|health)/.test(target));
  if (foreign !== undefined) return foreign;
  if (!READS.has(method) && !WRITES.has(method)) return refused(405, `${method} is not a method of this API`);
  if (!target.startsWith('/') || target.startsWith('//')) return refused(400, 'the target must be a path');
  if (target.length > TARGET_MAX) return refused(414, `the target has more than ${TARGET_MAX} bytes`);
  return bodyObjection(method, headers, bodyMax);
}

const NO_SCRIPTS = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Of every response. None of CORS: no other origin reads anything. */
export function safetyHeaders(policy: string = NO_SCRIPTS): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}
