// The first bytes a client sends enter, the protocol it speaks leaves.
import type { Buffer } from 'node:buffer';
import { type ClientHello, readClientHello } from '../tls/client-hello.ts';

export type FirstBytes =
  | { readonly kind: 'tls'; readonly hello: ClientHello }
  | { readonly kind: 'http' }
  | { readonly kind: 'http2' }
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed' };

const TLS_HANDSHAKE = 0x16;
/** What a client begins with that knows that the server speaks HTTP/2 (RFC 9113, section 3.4). */
const HTTP2_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** Content types of TLS records (RFC 8446, section 5.1). Some servers overlook a warning alert before the ClientHello. */
const TLS_RECORDS = { first: 0x14, last: 0x18 };
const TLS_MAJOR = 3;
/** A first line longer than this is no request line that any server accepts, yet might still be one: it is not passed as `other`. */
const MAX_LINE = 8192;
/** Servers skip empty lines before a request (RFC 9112, section 2.2) and some skip spaces. */
const LEADING = /^[\r\n\t ]*/;
const METHOD_SO_FAR = /^[A-Za-z_-]{0,32}$/;
/** A method and a space; what may follow is any target. HTTP/0.9 has no version, so a path alone is enough. */
const METHOD = /^[A-Za-z_-]{1,32}[\t ]+/;
const TARGET = /^(?:\/|\*|https?:)/i;
const VERSION = /[\t ]HTTP\//i;

function classifyText(text: string): FirstBytes | 'incomplete' {
  if (text.startsWith(HTTP2_PREFACE)) return { kind: 'http2' };
  if (HTTP2_PREFACE.startsWith(text)) return 'incomplete';
  const start = text.replace(LEADING, '');
  if (METHOD_SO_FAR.test(start)) return text.length > MAX_LINE ? { kind: 'malformed' } : 'incomplete';
  const method = METHOD.exec(start)?.[0];
  if (method === undefined) return { kind: 'other' };
  const rest = start.slice(method.length);
  if (TARGET.test(rest)) return { kind: 'http' };
  const [line = '', ...more] = rest.split(/[\r\n]/, 2);
  if (VERSION.test(line)) return { kind: 'http' };
  if (more.length > 0) return { kind: 'other' };
  return text.length > MAX_LINE ? { kind: 'malformed' } : 'incomplete';
}

/**
 * TLS that begins with anything but a ClientHello record: another record, or a ClientHello in the form of SSL 2.0 (RFC 6176). A server
 * that is lenient would go on to speak TLS, unseen.
 */
function isOddTls(bytes: Buffer): boolean | 'incomplete' {
  const [first = 0, second, third, fourth] = bytes;
  if (first >= TLS_RECORDS.first && first <= TLS_RECORDS.last)
    return second === undefined ? 'incomplete' : second === TLS_MAJOR;
  // Two bytes of length, the type CLIENT-HELLO, the version.
  if (first < 0x80) return false;
  if (third !== undefined && third !== 1) return false;
  return fourth === undefined ? 'incomplete' : fourth === TLS_MAJOR || (fourth === 0 && (bytes[4] ?? 2) === 2);
}

/**
 * What the client speaks. It errs toward `http`: bytes that some HTTP server could accept as a request go to the strict parser,
 * so that no odd spelling reaches the raw relay, where requests are not judged.
 */
export function classify(bytes: Buffer): FirstBytes | 'incomplete' {
  if (bytes.length === 0) return 'incomplete';
  if (bytes[0] !== TLS_HANDSHAKE) {
    const isOdd = isOddTls(bytes);
    if (isOdd === 'incomplete') return isOdd;
    return isOdd ? { kind: 'malformed' } : classifyText(bytes.toString('latin1', 0, MAX_LINE + 1));
  }
  const hello = readClientHello(bytes);
  if (hello === 'incomplete') return 'incomplete';
  return hello === 'malformed' ? { kind: 'malformed' } : { kind: 'tls', hello };
}
