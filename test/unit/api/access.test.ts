import { expect, test } from 'vitest';
import { bearerIn, isNonce, proofOf, scopeOf, tokenFor } from '../../../src/api/access.ts';

const key = new Uint8Array(32).fill(7);
const session = 'session:20261129-185300-k3f9' as const;

test('a token is known again for what it is, by its key alone', () => {
  expect(scopeOf(tokenFor('user', key), key)).toBe('user');
  expect(scopeOf(tokenFor(session, key), key)).toBe(session);
  expect(scopeOf(tokenFor('user', key), new Uint8Array(32))).toBeUndefined();
});

test('what is no token of the key opens nothing', () => {
  const [, mac = ''] = tokenFor('user', key).split('.');
  const own = tokenFor(session, key);
  const forged = [
    '',
    'user',
    'user.',
    mac,
    `user.${mac}x`,
    `user.${mac.slice(1)}`,
    ` user.${mac}`,
    `user.${mac}\n`,
    `${session}.${mac}`,
    own.replace('k3f9', 'k3fa'),
    own.replace(session, 'user'),
    `session:../../x.${mac}`,
  ];
  expect(forged.filter((token) => scopeOf(token, key) !== undefined)).toEqual([]);
});

test('a token is read from one form of one header', () => {
  expect(bearerIn('Bearer user.abc')).toBe('user.abc');
  expect(bearerIn('bearer user.abc')).toBe('user.abc');
  for (const other of [
    undefined,
    '',
    'Basic user.abc',
    'Bearer',
    'Bearer a b',
    'Bearer  a',
    `Bearer ${'a'.repeat(129)}`,
  ])
    expect(bearerIn(other)).toBe('');
});

test('a proof is for one token, one address and one nonce', () => {
  const nonce = 'ab'.repeat(16);
  const token = tokenFor('user', key);
  const proofs = [
    proofOf(token, '127.0.0.1:18080', nonce),
    proofOf(token, '127.0.0.1:18081', nonce),
    proofOf(token, '127.0.0.1:18080', 'cd'.repeat(16)),
    proofOf(tokenFor(session, key), '127.0.0.1:18080', nonce),
  ];
  expect(new Set(proofs).size).toBe(4);
  expect(isNonce(nonce)).toBe(true);
  expect(isNonce(`${nonce}\n`)).toBe(false);
});
