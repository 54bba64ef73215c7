// Certificates of a session, judged by OpenSSL in its strictest mode and by a real handshake.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAuthority, buildLeaf, distinguishedName, publicKeyOf } from '../../../../src/proxy/tls/certificate.ts';
import { createSessionCa } from '../../../../src/proxy/tls/session-ca.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'leash-ca-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const HOSTS = [
  'api.example.com',
  'xn--bcher-kva.example',
  '203.0.114.7',
  '2606:4700::1111',
  `${'a'.repeat(60)}.${'b'.repeat(60)}.example`,
];

function pair() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function inFile(name: string, certificate: Buffer | string): string {
  const file = path.join(directory, name);
  writeFileSync(file, typeof certificate === 'string' ? certificate : new X509Certificate(certificate).toString());
  return file;
}

describe('certificates', () => {
  const authority = pair();
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const issuer = {
    name: distinguishedName('Test'),
    key: publicKeyOf(authority.publicKey),
    signer: authority.privateKey,
    validity,
  };
  const root = buildAuthority(issuer.name, issuer.key, issuer.signer, validity);
  const leafKey = publicKeyOf(pair().publicKey);

  it.each(HOSTS)('a leaf for %s passes openssl verify -x509_strict', (host) => {
    const leaf = inFile('leaf.pem', buildLeaf(host, leafKey, issuer));
    const check = host.includes(':') || /^\d/.test(host) ? ['-verify_ip', host] : ['-verify_hostname', host];
    const verify = (args: string[]): string =>
      execFileSync(
        'openssl',
        [
          'verify',
          '-x509_strict',
          '-check_ss_sig',
          '-purpose',
          'sslserver',
          ...args,
          '-CAfile',
          inFile('root.pem', root),
          leaf,
        ],
        { encoding: 'utf8', stdio: 'pipe' },
      );
    expect(verify(check)).toContain(': OK');
    expect(() => verify(['-verify_hostname', 'other.example'])).toThrow(/hostname mismatch/i);
  });

  it('a leaf cannot sign, and names only its host', () => {
    const leaf = new X509Certificate(buildLeaf('a.example', leafKey, issuer));
    const middle = pair();
    const rogue = new X509Certificate(
      buildLeaf('b.example', publicKeyOf(middle.publicKey), { ...issuer, name: distinguishedName('Test') }),
    );
    expect(leaf.ca).toBe(false);
    expect(leaf.subjectAltName).toBe('DNS:a.example');
    expect(leaf.subject).toBeFalsy();
    expect(leaf.checkIssued(new X509Certificate(root))).toBe(true);
    expect(leaf.serialNumber).not.toBe(rogue.serialNumber);
    expect(leaf.serialNumber).toHaveLength(32);
  });

  it('writes dates beyond 2049 as GeneralizedTime', () => {
    const late = { notBefore: new Date('2049-12-31T23:59:59Z'), notAfter: new Date('2050-01-01T00:00:00Z') };
    const certificate = new X509Certificate(buildAuthority(issuer.name, issuer.key, issuer.signer, late));
    expect([certificate.validFrom, certificate.validTo]).toEqual([
      'Dec 31 23:59:59 2049 GMT',
      'Jan  1 00:00:00 2050 GMT',
    ]);
  });
});

describe('createSessionCa', () => {
  it('makes an authority of its own each time, valid for the session only', () => {
    const [one, two] = [createSessionCa({ days: 2 }), createSessionCa({ days: 2 })];
    const certificate = new X509Certificate(one.certificatePem);
    expect(certificate.ca).toBe(true);
    expect(certificate.subject).toMatch(/^CN=Leash session [0-9a-f]{16}$/);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(one.certificatePem).not.toBe(two.certificatePem);
    const days = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(1.9);
    expect(days).toBeLessThanOrEqual(2);
    expect(
      execFileSync(
        'openssl',
        [
          'verify',
          '-x509_strict',
          '-check_ss_sig',
          '-CAfile',
          inFile('own.pem', one.certificatePem),
          path.join(directory, 'own.pem'),
        ],
        { encoding: 'utf8' },
      ),
    ).toContain(': OK');
  });

  it('knows the name by which OpenSSL looks for it in a folder', () => {
    for (let i = 0; i < 5; i++) {
      const ca = createSessionCa();
      const args = ['x509', '-noout', '-hash', '-in', inFile('hashed.pem', ca.certificatePem)];
      expect(`${execFileSync('openssl', args, { encoding: 'utf8' }).trim()}.0`).toBe(ca.fileName);
    }
  });

  it('caches contexts and drops the least recently used', () => {
    const ca = createSessionCa({ contexts: 3 });
    const [a, b] = ['a.example', 'b.example', 'c.example'].map((host) => ca.contextFor(host));
    expect(ca.contextFor('a.example')).toBe(a);
    ca.contextFor('d.example');
    expect(ca.contextFor('a.example')).toBe(a);
    expect(ca.contextFor('b.example')).not.toBe(b);
  });

  it.each(['api.example.com', '127.0.0.1'])('serves %s to a client that trusts the session', async (host) => {
    const ca = createSessionCa();
    const listener = net.createServer((raw) => {
      const secure = new tls.TLSSocket(raw, { isServer: true, secureContext: ca.contextFor(host) });
      secure.on('error', () => {});
      secure.end('hello');
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as net.AddressInfo;
    const client = tls.connect({
      host: '127.0.0.1',
      port,
      ca: ca.certificatePem,
      ...(host === '127.0.0.1' ? {} : { servername: host }),
    });
    const text = await new Promise<string>((resolve, reject) => {
      client.once('data', (bytes) => resolve(bytes.toString()));
      client.once('error', reject);
    });
    expect(text).toBe('hello');
    expect(client.authorized).toBe(true);
    client.destroy();
    await new Promise((resolve) => listener.close(resolve));
  });
});
