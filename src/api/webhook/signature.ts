// A secret, and a message in; its headers in the form of Standard Webhooks out. Pure. Source: standardwebhooks/spec, "Signature scheme".
import { createHmac } from 'node:crypto';

/** Bytes; the specification's own bounds. */
const SHORTEST = 24;
const LONGEST = 64;

/** `whsec_` and Base64. undefined: it is none. */
export function readSecret(text: string): Buffer | undefined {
  const base64 = text.trim().replace(/^whsec_/, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const secret = Buffer.from(base64, 'base64');
  return secret.length >= SHORTEST && secret.length <= LONGEST ? secret : undefined;
}

/** @param id the same at each attempt, so that a receiver knows it again. @param now milliseconds since the Unix epoch */
export function signedHeaders(secret: Buffer, id: string, body: string, now: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
