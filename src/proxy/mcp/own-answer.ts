// A JSON-RPC answer of Leash itself enters; the HTTP reply that carries it leaves, as the sender of the request expects it.
import { eventOf } from '../../mcp/event.ts';
import type { Field } from '../http/head.ts';
import type { OwnReply } from '../http/reply.ts';

export interface OwnAnswer {
  /** Undefined: what was said has no answer. */
  readonly text: string | undefined;
  /** For a person. */
  readonly message: string;
  readonly policies: readonly string[];
}

function accepts(fields: readonly Field[], type: RegExp): boolean {
  return fields.some(({ name, value }) => name === 'accept' && type.test(value));
}

/** A client says which of the two forms it reads, and mostly both (2025-06-18, Transports, Sending Messages to the Server). */
function contentOf(text: string, fields: readonly Field[]): NonNullable<OwnReply['content']> {
  const wantsEvents =
    accepts(fields, /\btext\/event-stream\b/i) && !accepts(fields, /\/json\b|\*\/\*|application\/\*/i);
  return wantsEvents
    ? { type: 'text/event-stream', text: eventOf(text).toString('utf8') }
    : { type: 'application/json', text };
}

/**
 * Status 200: clients take 401, 403 and 404 for a lost login or session.
 *
 * @param isInbox the answer is expected on another stream (2024-11-05); a status that says failure is all that ends the call at once.
 */
export function denialReply(
  { text, message, policies }: OwnAnswer,
  fields: readonly Field[],
  isInbox: boolean,
): OwnReply {
  if (text === undefined) return { status: 202, message, policies, content: { type: 'text/plain', text: '' } };
  if (isInbox) return { status: 400, message, policies, content: { type: 'application/json', text } };
  return { status: 200, message, policies, content: contentOf(text, fields) };
}
