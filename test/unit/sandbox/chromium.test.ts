import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSessionCa } from '../../../src/proxy/tls/session-ca.ts';
import { chromiumPolicies } from '../../../src/sandbox/chromium.ts';

test('a browser that is there trusts all certificates, as DER in base64', () => {
  const certificates = [createSessionCa().certificatePem, createSessionCa().certificatePem];
  const policies = chromiumPolicies(certificates, [
    { needs: '/', file: '/here/leash.json' },
    { needs: '/absent', file: '/there/leash.json' },
  ]);
  expect([...policies.keys()]).toEqual(['/here/leash.json']);
  const { CACertificates } = JSON.parse(String(policies.get('/here/leash.json'))) as { CACertificates: string[] };
  const der = CACertificates.map((text) => new X509Certificate(Buffer.from(text, 'base64')).toString());
  expect(der).toEqual(certificates);
});
