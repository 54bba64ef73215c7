// A request and why it is denied enter; the JSON-RPC response that its sender gets instead of an answer leaves.
import { quoted } from '../json/strict-json.ts';
import { HEADER_MISMATCH } from './headers.ts';
import type { Fault, Message, Messages, RequestMessage } from './message.ts';

export interface Denial {
  /** For a person: why. */
  readonly reason: string;
  /** Ids of the policies that decided; none when none permits. */
  readonly policies: readonly string[];
  /** `result`: of a tool, the failure is its result, which the model reads. Other methods have no such form and get an error. */
  readonly form: 'error' | 'result';
}

/** Outside -32768 to -32000, which is JSON-RPC's and MCP's own; -32000 and -32001 are what the SDKs call lost connections and timeouts. */
export const DENIED = -33_403;

/** What of a request its denial speaks of. */
type Denied = Pick<RequestMessage, 'id' | 'method' | 'params'>;

function subjectOf({ method, params }: Denied): string {
  const subject = params['name'] ?? params['uri'];
  return typeof subject === 'string' ? `${method} ${quoted(subject)}` : quoted(method).slice(1, -1);
}

function response(id: string | undefined, body: string): string {
  return `{"jsonrpc":"2.0",${id === undefined ? '' : `"id":${id},`}${body}}`;
}

function errorText(id: string | undefined, code: number, message: string, data?: object): string {
  return response(id, `"error":${JSON.stringify({ code, message, ...(data !== undefined && { data }) })}`);
}

/**
 * The id is that of the request to the letter. Never send it with the HTTP status 401, 403 or 404: clients take those for a lost login
 * or session.
 */
export function denialText(message: Denied, { reason, policies, form }: Denial): string {
  const said = `Leash does not permit ${subjectOf(message)}: ${reason}`;
  const data = { reason: 'policy_denied', policies };
  if (form === 'error' || message.method !== 'tools/call') return errorText(message.id, DENIED, said, data);
  const by = policies.length === 0 ? '' : ` (${policies.join(', ')})`;
  const result = { resultType: 'complete', content: [{ type: 'text', text: said + by }], isError: true };
  return response(message.id, `"result":${JSON.stringify(result)}`);
}

/** What cannot be judged is answered like what cannot be read. The HTTP status is 400. */
export function faultText({ fault, code, id }: Fault): string {
  return errorText(
    id,
    code,
    `Leash does not pass this message on, because servers may read it in more than one way: ${fault}`,
  );
}

/** @param mismatch as `headerMismatch` says it. */
export function mismatchText(message: Message | undefined, mismatch: string): string {
  const id = message?.kind === 'request' ? message.id : undefined;
  return errorText(id, HEADER_MISMATCH, `Header mismatch: ${mismatch}`);
}

/** What goes on to the server: all, or nothing and then an answer to the client, unless it asked nothing. */
export type Sent = { readonly passes: true } | { readonly passes: false; readonly answer: string | undefined };

const BESIDE: Denial = {
  reason: 'another message of the same batch is not permitted, so that none of it was sent',
  policies: [],
  form: 'error',
};

/**
 * A batch passes whole or not at all: then each of its requests is answered, and the answers are one batch. Notifications and
 * responses have no answer.
 */
export function sentOn({ entries, isBatch }: Messages, denials: ReadonlyMap<Message, Denial>): Sent {
  if (!entries.some((entry) => denials.has(entry))) return { passes: true };
  const answers = entries.flatMap((entry) =>
    entry.kind === 'request' ? denialText(entry, denials.get(entry) ?? BESIDE) : [],
  );
  if (answers.length === 0) return { passes: false, answer: undefined };
  return { passes: false, answer: isBatch ? `[${answers.join(',')}]` : answers[0] };
}
