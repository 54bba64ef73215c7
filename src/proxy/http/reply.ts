// A refusal or a failure enters, the response that Leash itself gives leaves, readable by people and by programs.
import { Buffer } from 'node:buffer';
import type { Decision } from '../options.ts';
import type { Field, RequestHead } from './head.ts';
import { reasonPhrase } from './reason-phrase.ts';

export interface OwnReply {
  readonly status: number;
  /** For a person: what happened and why. */
  readonly message: string;
  readonly policies?: readonly string[];
  /** The policy's own reason. */
  readonly reason?: string;
  /** Said in place of all that, in the words of the protocol above HTTP. */
  readonly content?: { readonly type: string; readonly text: string };
}

/** Visible ASCII only: ids and reasons come from policy text, and a header must not be split by one. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 512);
}

function policyHeader(reply: OwnReply): string {
  const ids = reply.policies === undefined || reply.policies.length === 0 ? 'none' : reply.policies.join(',');
  return headerText(reply.reason === undefined ? ids : `${ids}; reason=${JSON.stringify(reply.reason)}`);
}

function wantsJson(fields: readonly Field[]): boolean {
  return fields.some(({ name, value }) => name === 'accept' && /[/+]json\b/i.test(value));
}

function body(reply: OwnReply, asJson: boolean): string {
  if (!asJson) return `leash: ${reply.message}\n`;
  const { status, message: detail, policies, reason } = reply;
  // Problem details, RFC 9457.
  return `${JSON.stringify({ title: 'Answered by leash', status, detail, policies, reason })}\n`;
}

/** The refusal of a request by policy. `what`: `GET https://a.example:443/`. */
export function refusal(what: string, decision: Decision): OwnReply {
  const why = decision.reason ?? (decision.policies.length === 0 ? 'no policy permits it' : 'a policy forbids it');
  const message = `${what} is not permitted: ${why}`;
  const { policies, reason } = decision;
  return { status: 403, message, policies, ...(reason === undefined ? {} : { reason }) };
}

export interface ReplyParts {
  readonly text: Buffer;
  readonly contentType: string;
  /** Value of X-Leash-Policy, if a policy spoke. */
  readonly policy: string | undefined;
}

/** What a reply says, in any HTTP version. @param fields of the request, as far as it could be read */
export function replyParts(reply: OwnReply, fields: readonly Field[]): ReplyParts {
  const asJson = wantsJson(fields);
  const contentType = asJson ? 'application/problem+json' : 'text/plain; charset=utf-8';
  const { content = { type: contentType, text: body(reply, asJson) } } = reply;
  return {
    text: Buffer.from(content.text),
    contentType: content.type,
    policy: reply.policies === undefined ? undefined : policyHeader(reply),
  };
}

/** @param head the request, if it could be read. @param close whether the connection ends after this response. */
export function renderReply(reply: OwnReply, head: RequestHead | undefined, close: boolean): Buffer {
  const { text, contentType, policy } = replyParts(reply, head?.fields ?? []);
  const fields = [
    `HTTP/1.1 ${reply.status} ${reasonPhrase(reply.status)}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${text.length}`,
    'Cache-Control: no-store',
    ...(policy === undefined ? [] : [`X-Leash-Policy: ${policy}`]),
    ...(close ? ['Connection: close'] : []),
  ];
  const start = Buffer.from(`${fields.join('\r\n')}\r\n\r\n`, 'latin1');
  return head?.method === 'HEAD' ? start : Buffer.concat([start, text]);
}
