import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { interpreterName, loaderOf } from '../../../../src/session/learning/loader.ts';

/** The smallest program that names a loader. */
function program(loader: string): Buffer {
  const bytes = Buffer.alloc(64 + 56 + loader.length + 1);
  bytes.write('\x7fELF\x02\x01', 'latin1');
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(3, 64);
  bytes.writeBigUInt64LE(120n, 72);
  bytes.writeBigUInt64LE(BigInt(loader.length + 1), 96);
  bytes.write(loader, 120, 'latin1');
  return bytes;
}

test('the name of a loader is read, and damaged programs have none', () => {
  const whole = program('/lib64/ld-linux-x86-64.so.2');
  expect(interpreterName(whole)).toBe('/lib64/ld-linux-x86-64.so.2');
  for (let length = 0; length < whole.length; length++)
    expect(interpreterName(whole.subarray(0, length))).toBeUndefined();
  for (const at of [0, 4, 5, 32, 54, 56, 72, 96]) {
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, at, at + 2);
    expect(() => interpreterName(damaged)).not.toThrow();
  }
});

test('a program of this machine has its loader, and a program that the agent made names none it likes', () => {
  expect(loaderOf(process.execPath)).toMatch(/^\/(usr|lib|nix).*\/ld-/);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-loader-'));
  try {
    const mine = path.join(folder, 'mine');
    writeFileSync(mine, program('/etc/passwd'));
    expect(loaderOf(mine)).toBeUndefined();
    expect(loaderOf(path.join(folder, 'absent'))).toBeUndefined();
    expect(loaderOf(folder)).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
