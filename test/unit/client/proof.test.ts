import { expect, test } from 'vitest';
import { isNonce, proofOf, tokenFor } from '../../../src/api/access.ts';
import { isProof, newNonce } from '../../../src/client/proof.ts';

const token = tokenFor('user', new Uint8Array(32).fill(1));
const address = '127.0.0.1:18080';

test('the proof of a hub is one, and none of another token, address or nonce', async () => {
  const nonce = newNonce();
  const proof = proofOf(token, address, nonce);
  expect(isNonce(nonce)).toBe(true);
  expect(await isProof({ proof }, token, address, nonce)).toBe(true);
  expect(await isProof({ proof }, `${token}x`, address, nonce)).toBe(false);
  expect(await isProof({ proof }, token, '127.0.0.1:1', nonce)).toBe(false);
  expect(await isProof({ proof }, token, address, newNonce())).toBe(false);
  for (const said of [
    undefined,
    null,
    1,
    {},
    { proof: 1 },
    { proof: '' },
    { proof: '!'.repeat(43) },
    { proof: `${proof}a` },
  ])
    expect(await isProof(said, token, address, nonce)).toBe(false);
});
