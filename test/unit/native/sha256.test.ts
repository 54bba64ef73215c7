// The warden's SHA-256 against NIST's vectors (FIPS 180-4 examples, CAVP) and Node's, for every way to cut the input.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

const native = fileURLToPath(new URL('../../../native', import.meta.url));
beforeAll(() => {
  execFileSync('make', ['-s', '-C', native, 'build/test/sha256']);
});

const digest = (input: Uint8Array, piece = 65_536): string =>
  execFileSync(`${native}/build/test/sha256`, [String(piece)], { input, encoding: 'utf8' }).trim();

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
])('NIST: %.60s', (text, expected) => {
  expect(digest(Buffer.from(text))).toBe(expected);
});

test('every length around a block, in pieces of every size around one', () => {
  const bytes = Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 73 + 11) & 255));
  for (const length of [1, 54, 55, 56, 57, 63, 64, 65, 118, 119, 120, 127, 128, 129, 200]) {
    const input = bytes.subarray(0, length);
    const expected = createHash('sha256').update(input).digest('hex');
    for (const piece of [1, 3, 55, 63, 64, 65, 128])
      expect([length, piece, digest(input, piece)]).toEqual([length, piece, expected]);
  }
});
