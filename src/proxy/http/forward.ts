// A checked head enters, the head to send on leaves: written anew, without what belongs to one connection only (RFC 9110, section 7.6.1).
import { ProtocolError, type RequestHead, type ResponseHead } from './head.ts';
import { reasonPhrase } from './reason-phrase.ts';
import type { Target } from './target.ts';

/** Content-Length and Transfer-Encoding stay, because body bytes are forwarded with their framing. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'upgrade',
  'http2-settings',
]);
const FRAMING_FIELDS: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'host']);
/** Alt-Svc would send the client to HTTP/3 or to another host. */
const DROPPED_FROM_RESPONSE: ReadonlySet<string> = new Set([...CONNECTION_FIELDS, 'alt-svc']);

function isNominated(name: string, connection: readonly string[]): boolean {
  return connection.length > 0 && !FRAMING_FIELDS.has(name) && connection.includes(name);
}

/** The protocol a request asks to switch to, if it may: h2c would carry requests past this parser. */
export function requestedUpgrade(head: RequestHead): string | undefined {
  if (head.upgrade === undefined || head.isHttp10 || !head.connection.includes('upgrade')) return undefined;
  return /^(?:h2c?|http\b)/i.test(head.upgrade) || head.upgrade.includes(',') ? undefined : head.upgrade;
}

/** Whether the client wants the connection kept after this exchange (RFC 9112, section 9.3). */
export function keepsAlive(head: RequestHead | ResponseHead): boolean {
  return !head.isHttp10 && !head.connection.includes('close');
}

/** A body that is framed anew: its length is not known before its end. */
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

function isFraming(name: string): boolean {
  return name === 'content-length' || name === 'transfer-encoding';
}

/**
 * Head of a request for the upstream. HTTP/1.0 stays HTTP/1.0, so that the server does not answer in chunks.
 * @param isReframed the body is sent in chunks, however it came. @throws ProtocolError for HTTP/1.0, which has none
 */
export function forwardedRequest(head: RequestHead, target: Target, isReframed: boolean = false): string {
  if (isReframed && head.isHttp10) throw new ProtocolError('the body of an HTTP/1.0 request cannot be changed', 501);
  let text = `${head.method} ${target.path} HTTP/1.${head.isHttp10 ? 0 : 1}\r\nHost: ${target.host}\r\n`;
  for (const { name, line } of head.fields) {
    if (name === 'host' || CONNECTION_FIELDS.has(name) || isNominated(name, head.connection)) continue;
    if (isReframed && isFraming(name)) continue;
    text += `${line}\r\n`;
  }
  if (isReframed) text += CHUNKED;
  const upgrade = requestedUpgrade(head);
  return upgrade === undefined ? `${text}\r\n` : `${text}Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`;
}

/** A head whose fields were looked at: a reason phrase, which is free text, was not, so it gets the usual one. */
export function withFields(head: ResponseHead, fields: ResponseHead['fields']): ResponseHead {
  return {
    ...head,
    fields,
    startLine: `${head.startLine.split(' ', 1)[0]} ${head.status} ${reasonPhrase(head.status)}`,
  };
}

/**
 * Head of a response for the client; `connection` is the value of its Connection field, if it gets one.
 * @param framing how a body that is framed anew is sent; undefined: as it came
 */
export function forwardedResponse(
  head: ResponseHead,
  connection: 'close' | 'Upgrade' | undefined,
  framing?: 'chunked' | 'close',
): string {
  let text = `${head.startLine}\r\n`;
  for (const { name, line } of head.fields) {
    if (DROPPED_FROM_RESPONSE.has(name) || isNominated(name, head.connection)) continue;
    if (framing !== undefined && isFraming(name)) continue;
    text += `${line}\r\n`;
  }
  if (framing === 'chunked') text += CHUNKED;
  if (connection !== undefined) text += `Connection: ${connection}\r\n`;
  if (connection === 'Upgrade') text += `Upgrade: ${head.upgrade ?? ''}\r\n`;
  return `${text}\r\n`;
}

/** Seconds the server promises to keep an idle connection (`Keep-Alive: timeout=5`), or undefined. */
export function keepAliveHint(head: ResponseHead): number | undefined {
  const value = head.fields.find((field) => field.name === 'keep-alive')?.value;
  const seconds = /(?:^|[,\s])timeout=(\d{1,6})\b/i.exec(value ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
