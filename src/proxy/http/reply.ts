// A refusal or a failure enters, the response that Leash itself gives leaves, readable by people and by programs.
import { Buffer } from 'node:buffer';
import type { Decision } from '../options.ts';
import type { RequestHead } from './head.ts';

/** The statuses Leash answers with. Not from node:http, whose import costs milliseconds on the first connection. */
const REASON_PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  408: 'Request Timeout',
  421: 'Misdirected Request',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  505: 'HTTP Version Not Supported',
};

export interface OwnReply {
  readonly status: number;
  /** For a person: what happened and why. */
  readonly message: string;
  readonly policies?: readonly string[];
  /** The policy's own reason. */
  readonly reason?: string;
}

/** Visible ASCII only: ids and reasons come from policy text, and a header must not be split by one. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 512);
}

function policyHeader(reply: OwnReply): string {
  const ids = reply.policies === undefined || reply.policies.length === 0 ? 'none' : reply.policies.join(',');
  return headerText(reply.reason === undefined ? ids : `${ids}; reason=${JSON.stringify(reply.reason)}`);
}

function wantsJson(head: RequestHead | undefined): boolean {
  return head?.fields.some(({ name, value }) => name === 'accept' && /[/+]json\b/i.test(value)) ?? false;
}

function body(reply: OwnReply, asJson: boolean): string {
  if (!asJson) return `leash: ${reply.message}\n`;
  const { status, message: detail, policies, reason } = reply;
  // Problem details, RFC 9457.
  return `${JSON.stringify({ title: 'Answered by leash', status, detail, policies, reason })}\n`;
}

/** The refusal of a request by policy. */
export function refusal(method: string, url: string, decision: Decision): OwnReply {
  const why = decision.reason ?? (decision.policies.length === 0 ? 'no policy permits it' : 'a policy forbids it');
  const message = `${method} ${url} is not permitted: ${why}`;
  const { policies, reason } = decision;
  return { status: 403, message, policies, ...(reason === undefined ? {} : { reason }) };
}

/** @param head the request, if it could be read. @param close whether the connection ends after this response. */
export function renderReply(reply: OwnReply, head: RequestHead | undefined, close: boolean): Buffer {
  const asJson = wantsJson(head);
  const text = Buffer.from(body(reply, asJson));
  const fields = [
    `HTTP/1.1 ${reply.status} ${REASON_PHRASES[reply.status] ?? 'Refused'}`,
    `Content-Type: ${asJson ? 'application/problem+json' : 'text/plain; charset=utf-8'}`,
    `Content-Length: ${text.length}`,
    'Cache-Control: no-store',
    ...(reply.policies === undefined ? [] : [`X-Leash-Policy: ${policyHeader(reply)}`]),
    ...(close ? ['Connection: close'] : []),
  ];
  const start = Buffer.from(`${fields.join('\r\n')}\r\n\r\n`, 'latin1');
  return head?.method === 'HEAD' ? start : Buffer.concat([start, text]);
}
