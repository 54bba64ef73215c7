// The user's key and a scope in, a token out; and back: a token in, the scope it is for, or nothing. No I/O.
import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TokenScope } from '../schema/api.ts';

/** 32 bytes. A secret. */
export type UserKey = Uint8Array;

const TOKEN = /^(user|session:\d{8}-\d{6}-[a-z0-9]{4})\.([A-Za-z0-9_-]{43})$/;
const NONCE = /^[0-9a-f]{32,64}$/;

function mac(key: Uint8Array | string, purpose: string, text: string): string {
  return createHmac('sha256', key).update(`leash ${purpose}\n${text}`).digest('base64url');
}

/**
 * `<scope>.<HMAC-SHA256>`. Whoever holds the key can say whether it made a token, so a token outlives the process that made it: the hub that
 * takes over knows it, too.
 */
export function tokenFor(scope: TokenScope, key: UserKey): string {
  return `${scope}.${mac(key, 'token', scope)}`;
}

/** In constant time. Undefined: it is no token of this key. */
export function scopeOf(token: string, key: UserKey): TokenScope | undefined {
  const [, scope, given] = TOKEN.exec(token) ?? [];
  if (scope === undefined || given === undefined) return undefined;
  const expected = mac(key, 'token', scope);
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected)) ? (scope as TokenScope) : undefined;
}

/** The token of `Authorization: Bearer …` (RFC 6750), and no other form. */
export function bearerIn(header: string | undefined): string {
  return /^Bearer ([\w:.-]{1,128})$/i.exec(header ?? '')?.[1] ?? '';
}

export function isNonce(text: string): boolean {
  return NONCE.test(text);
}

/**
 * By this a hub shows that it knows a token before it is told it. It holds for one address only, so that no stranger's server there can have
 * it made by a hub elsewhere.
 */
export function proofOf(token: string, address: string, nonce: string): string {
  return mac(token, 'hub', `${address}\n${nonce}`);
}
