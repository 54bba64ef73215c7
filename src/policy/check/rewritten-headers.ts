// A permit of `HttpRewrite` in; the headers and values in it that no request may be given out.
import type { Policy } from '../evaluate/policy.ts';
import { rewritesOf } from '../rewrites.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import { unescapeString } from '../text/lexer.ts';
import { entityLiteralAt } from '../text/rewrite.ts';
import type { Statement } from '../text/statements.ts';

/** A field name (RFC 9110, section 5.1); so none of the fields of HTTP/2 that begin with a colon. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Printable ASCII without space at the ends: what every server reads in the same way. */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Belong to one connection, delimit the message, or say where it goes. */
const RESERVED: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'http2-settings',
  'te',
  'trailer',
  'expect',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
]);

function headerFault(header: string): string | undefined {
  if (!TOKEN.test(header)) return `${JSON.stringify(header)} is no name of a header`;
  return RESERVED.has(header.toLowerCase()) ? `the header ${header} is not for a policy to set` : undefined;
}

function valueFault(value: string): string | undefined {
  return VALUE.test(value) ? undefined : `${JSON.stringify(value)} is no value that a header can have`;
}

/** Faults at the constants that are wrong. */
export function rewriteFaults({ tokens, start }: Statement, policy: Policy): readonly Diagnostic[] {
  const isAboutRewriting = tokens.some((_token, at) => {
    const literal = entityLiteralAt(tokens, at);
    return literal?.type === 'Action' && literal.id === 'HttpRewrite';
  });
  if (!isAboutRewriting) return [];
  const faults = new Map<string, string>();
  for (const { header, value } of rewritesOf(policy)) {
    const [inHeader, inValue] = [headerFault(header), valueFault(value)];
    if (inHeader !== undefined) faults.set(header, inHeader);
    if (inValue !== undefined) faults.set(value, inValue);
  }
  return [...faults].map(([text, message]) => {
    const token = tokens.find((each) => each.kind === 'string' && unescapeString(each.text) === text);
    return { start: token?.start ?? start, length: token?.text.length ?? 1, message };
  });
}
