// A token and what a server said in; whether the server knows the token out. src/api/access.ts makes the proofs.

const NONCE_BYTES = 16;

export function newNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(NONCE_BYTES))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** Base64url without padding (RFC 4648, section 5). */
function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]{43}$/.test(text)) return undefined;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** @param said the body of the answer, `{"proof"}`. @param address `127.0.0.1:18080`, to which the question went */
export async function isProof(said: unknown, token: string, address: string, nonce: string): Promise<boolean> {
  const { proof } = (said ?? {}) as { readonly proof?: unknown };
  const signature = typeof proof === 'string' ? bytesOf(proof) : undefined;
  if (signature === undefined) return false;
  const encoder = new TextEncoder();
  const hash = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(token), hash, false, ['verify']);
  return crypto.subtle.verify('HMAC', key, signature, encoder.encode(`leash hub\n${address}\n${nonce}`));
}
