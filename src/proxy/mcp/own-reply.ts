// What a server asked and policy denied enters, as Leash's answer to it; the request that brings the answer to the server leaves, as the client would have sent it.
import { Buffer } from 'node:buffer';
import type { OwnRequest } from '../exchange/passage.ts';
import type { Field } from '../http/head.ts';
import { type Said, saidIn } from './mcp-session.ts';

function field(name: string, value: string): Field {
  return { name, value, line: `${name}: ${value}` };
}

/**
 * Credentials are stand-ins still: the brokers put them in where they would for the client, or not at all.
 *
 * @param said the client's last request in the session. @param path where the server takes messages
 */
export function ownReply(said: Said, path: string, text: string): OwnRequest {
  const { peer, scheme, fields } = saidIn(said);
  const sent = [
    field('content-type', 'application/json'),
    // Servers turn away who does not read both (2025-03-26, Transports).
    field('accept', 'application/json, text/event-stream'),
    ...fields,
  ];
  // Another peer: what is said on it is known by that.
  return { peer: { ...peer }, scheme, message: { method: 'POST', path, fields: sent }, body: Buffer.from(text) };
}
