// A store as Java's own keytool reads it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessionCa } from '../../../src/proxy/tls/session-ca.ts';
import { isJavaStore, javaStore } from '../../../src/sandbox/java-store.ts';
import { absence, unless } from '../../fixtures/unless.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-java-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [first, second] = [createSessionCa().certificatePem, createSessionCa().certificatePem];
const both = `# two\n${first}\nbetween\n${second}`;

it('a store is recognised, and what is none is not', () => {
  expect(isJavaStore(javaStore(''))).toBe(true);
  expect(isJavaStore(Buffer.alloc(0))).toBe(false);
  expect(isJavaStore(Buffer.alloc(64))).toBe(false);
  expect(isJavaStore(javaStore('').subarray(0, 31))).toBe(false);
});

it('entries of a store that is there are kept byte by byte, and counted', () => {
  const base = javaStore(first);
  const grown = javaStore(second, base);
  expect(grown.readUInt32BE(8)).toBe(2);
  expect(grown.subarray(12, base.length - 20).equals(base.subarray(12, -20))).toBe(true);
});

it('half a certificate at the end is left out', () => {
  expect(javaStore(`${first}-----BEGIN CERTIFICATE-----\nAAAA`).equals(javaStore(first))).toBe(true);
});

it('what is no store is not kept', () => {
  expect(javaStore(both, Buffer.from('PKCS #12')).equals(javaStore(both))).toBe(true);
});

describe('keytool', unless(absence(['keytool'])), () => {
  const list = (store: Buffer, password: string) => {
    const file = path.join(folder, 'store');
    writeFileSync(file, store);
    return spawnSync('keytool', ['-list', '-keystore', file, '-storepass', password]);
  };

  it.each(['changeit', 'päss'])('lists what is in a store with password %s, whose digest it checks', (password) => {
    const listed = list(javaStore(both, undefined, password), password).stdout.toString();
    expect(listed).toMatch(/Your keystore contains 2 entries/);
    expect(listed.match(/trustedCertEntry/g)).toHaveLength(2);
  });

  it('refuses another password', () => {
    expect(list(javaStore(both), 'another').status).not.toBe(0);
  });

  it('reads a certificate as it was', () => {
    const file = path.join(folder, 'store');
    writeFileSync(file, javaStore(both));
    const args = ['-exportcert', '-rfc', '-alias', 'leash-1', '-keystore', file, '-storepass', 'changeit'];
    const exported = spawnSync('keytool', args).stdout.toString();
    expect(exported.replace(/\s/g, '')).toBe(second.replace(/\s/g, ''));
  });
});
