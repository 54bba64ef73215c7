// The header list of an HTTP/2 message enters, its checked parts leave; the way back, the headers to send on (RFC 9113, section 8).
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, sensitiveHeaders } from 'node:http2';
import type { Outgoing, RequestMessage, ResponseEdit, ResponseMessage } from '../exchange/passage.ts';
import { type Field, MAX_HEAD, ProtocolError } from '../http/head.ts';
import { type Misdirected, type Origin, requestTarget, type Target } from '../http/target.ts';

const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Of each field in the size of a header list (RFC 9113, section 6.5.2). */
const FIELD_OVERHEAD = 32;
/** NUL, CR, LF and other controls; a tab is part of a value (RFC 9110, section 5.5). */
const FORBIDDEN = /[\0-\x08\x0a-\x1f\x7f]/;
/** RFC 9113, section 8.2.2; the proxy fields belong to the hop before. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
/** Node sends each of these once or not at all. */
const SINGLE_FIELDS: ReadonlySet<string> = new Set(
  `access-control-allow-credentials access-control-max-age access-control-request-method age authorization content-encoding
  content-language content-length content-location content-md5 content-range content-type date dnt etag expires from host if-match
  if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards range referer retry-after tk
  upgrade-insecure-requests user-agent x-content-type-options`.split(/\s+/),
);

/** `line` is for HTTP/1.1, and made when somebody asks. */
class StreamField implements Field {
  readonly name: string;
  readonly value: string;

  constructor(name: string, value: string) {
    this.name = name;
    this.value = value;
  }

  get line(): string {
    return `${this.name}: ${this.value}`;
  }
}

/** Names and values in turn, as Node hands them out. */
export type RawHeaders = readonly string[];

interface HeaderList {
  readonly pseudo: ReadonlyMap<string, string>;
  readonly fields: readonly Field[];
}

/** Crumbs are one field again, so that a rule sees the whole (RFC 9113, section 8.2.3). */
function joinCookies(fields: readonly Field[]): readonly Field[] {
  const value = fields.flatMap((field) => (field.name === 'cookie' ? field.value : [])).join('; ');
  return [...fields.filter(({ name }) => name !== 'cookie'), new StreamField('cookie', value)];
}

function readList(raw: RawHeaders): HeaderList {
  const pseudo = new Map<string, string>();
  const fields: Field[] = [];
  let cookies = 0;
  let size = 0;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    size += name.length + value.length + FIELD_OVERHEAD;
    // The limit that was announced counts for Node only once the peer has acknowledged it.
    if (size > MAX_HEAD) throw new ProtocolError('head too large', 431);
    if (FORBIDDEN.test(value)) throw new ProtocolError('control character in a header value');
    if (name.startsWith(':')) {
      if (pseudo.has(name)) throw new ProtocolError(`more than one ${name}`);
      pseudo.set(name, value);
      continue;
    }
    // `__proto__` is a token, but an object that had it would not hold it.
    if (!NAME.test(name) || name === '__proto__') throw new ProtocolError('malformed header name');
    if (name === 'cookie') cookies += 1;
    if (!CONNECTION_FIELDS.has(name)) fields.push(new StreamField(name, value));
  }
  return { pseudo, fields: cookies > 1 ? joinCookies(fields) : fields };
}

/** A request in order: what is judged, and what it is sent on as. */
export interface StreamRequest {
  readonly message: RequestMessage;
  readonly target: Target;
}

function hostFields(fields: readonly Field[]): readonly string[] {
  return fields.filter(({ name }) => name === 'host').map(({ value }) => value);
}

/** `:authority`, `:scheme` and Host all mean the verified origin, or the request is misdirected. @throws ProtocolError */
export function readRequest(raw: RawHeaders, origin: Origin): StreamRequest | Misdirected {
  const { pseudo, fields } = readList(raw);
  const method = pseudo.get(':method') ?? '';
  const path = pseudo.get(':path') ?? '';
  const scheme = pseudo.get(':scheme');
  if (pseudo.has(':protocol')) return { status: 400, reason: 'extended CONNECT inside a connection' };
  const hosts = hostFields(fields);
  if (hosts.length > 1) return { status: 400, reason: 'more than one Host' };
  const authority = pseudo.get(':authority') ?? hosts[0];
  const target = requestTarget({ method, target: path, host: authority }, origin);
  if ('status' in target) return target;
  if (scheme !== origin.scheme)
    return { status: 421, reason: `:scheme is not that of the connection, ${origin.scheme}` };
  const host = hosts[0] ?? authority;
  const byHost = host === authority ? target : requestTarget({ method, target: path, host }, origin);
  if ('status' in byHost) return byHost;
  if (!path.startsWith('/') && path !== '*') return { status: 400, reason: 'malformed :path' };
  const rest = hosts.length === 0 ? fields : fields.filter(({ name }) => name !== 'host');
  return { message: { method, path: target.path, fields: rest }, target };
}

/** @throws ProtocolError with status 502 */
export function readResponse(raw: RawHeaders): ResponseMessage {
  const { pseudo, fields } = readList(raw);
  const status = Number(pseudo.get(':status'));
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new ProtocolError('bad response: status out of range', 502);
  return { status, fields };
}

type Headers = Record<string | symbol, string | string[] | number>;

function append(headers: Headers, fields: readonly Field[], dropped: (name: string) => boolean, strict: boolean): void {
  for (const { name, value } of fields) {
    if (dropped(name)) continue;
    const previous = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (previous === undefined) headers[name] = value;
    else if (!SINGLE_FIELDS.has(name))
      headers[name] = Array.isArray(previous) ? [...previous, value] : [String(previous), value];
    else if (strict) throw new ProtocolError(`more than one ${name}`);
    else if (previous !== value) headers[name] = `${String(previous)}, ${value}`;
  }
}

/** Names that must never enter a compression table (RFC 7541, section 7.1.3). */
function neverIndexed(headers: IncomingHttpHeaders): string[] {
  return (headers as { [sensitiveHeaders]?: string[] })[sensitiveHeaders] ?? [];
}

const isRequestOnly = (name: string): boolean => CONNECTION_FIELDS.has(name) || name === 'host';
/** Alt-Svc would send the client to HTTP/3 or to another host. */
const isResponseOnly = (name: string): boolean => CONNECTION_FIELDS.has(name) || name === 'alt-svc';

function namesAdded(before: readonly Field[], after: readonly Field[]): string[] {
  if (after === before) return [];
  const known = new Set(before);
  return after.filter((field) => !known.has(field)).map(({ name }) => name);
}

/**
 * Header list of a request for the server. Fields that a broker put in are never indexed, since they may be credentials.
 * @param received as the client sent it. @throws ProtocolError when a field stands twice that may stand once
 */
export function forwardedRequest(
  { message, target }: StreamRequest,
  scheme: Origin['scheme'],
  { path, fields, body }: Outgoing,
  received: IncomingHttpHeaders,
): OutgoingHttpHeaders {
  const headers: Headers = {
    ':method': message.method,
    ':scheme': scheme,
    ':authority': target.host,
    ':path': path,
  };
  const isReframed = body?.changes === true;
  append(headers, fields, (name) => isRequestOnly(name) || (isReframed && name === 'content-length'), true);
  // `te` says that trailers are understood, and nothing else (RFC 9113, section 8.2.2).
  if (headers['te'] !== undefined && headers['te'] !== 'trailers') delete headers['te'];
  const secret = [...neverIndexed(received), ...namesAdded(message.fields, fields)];
  if (secret.length > 0) headers[sensitiveHeaders] = secret;
  return headers as OutgoingHttpHeaders;
}

/** Header list of a response for the client. */
export function forwardedResponse(
  status: number,
  { fields, body }: ResponseEdit,
  received: IncomingHttpHeaders,
): OutgoingHttpHeaders {
  const headers: Headers = { ':status': status };
  const isReframed = body?.changes === true;
  append(headers, fields, (name) => isResponseOnly(name) || (isReframed && name === 'content-length'), false);
  const secret = neverIndexed(received);
  if (secret.length > 0) headers[sensitiveHeaders] = secret;
  return headers as OutgoingHttpHeaders;
}

/** An interim response (RFC 9110, section 15.2), or undefined when it cannot be passed on. @param isBare without its fields */
export function forwardedInterim(raw: RawHeaders, isBare: boolean): OutgoingHttpHeaders | undefined {
  const { pseudo, fields } = readList(raw);
  const status = Number(pseudo.get(':status'));
  // 101 has no meaning in HTTP/2 (RFC 9113, section 8.6).
  if (!(status >= 100 && status < 200) || status === 101) return undefined;
  const headers: Headers = { ':status': status };
  append(headers, isBare ? [] : fields, isResponseOnly, false);
  return headers as OutgoingHttpHeaders;
}

/** Fields of a trailer section, without what only a head may hold. */
export function readTrailers(raw: RawHeaders): readonly Field[] {
  const { pseudo, fields } = readList(raw);
  if (pseudo.size > 0) throw new ProtocolError('pseudo-header in trailers');
  return fields.filter(({ name }) => name !== 'content-length' && name !== 'host' && name !== 'te');
}

export function forwardedTrailers(fields: readonly Field[]): OutgoingHttpHeaders {
  const headers: Headers = {};
  append(headers, fields, isResponseOnly, false);
  return headers as OutgoingHttpHeaders;
}

/** RFC 9113, section 7. */
const CODE_NAMES: readonly string[] =
  `NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED
FRAME_SIZE_ERROR REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED`.split(
    /\s+/,
  );

/** Why a stream was reset, for people. */
export function codeName(code: number): string {
  return CODE_NAMES[code] ?? String(code);
}
