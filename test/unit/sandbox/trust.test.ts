import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUNDLE, SESSION_CA, systemBundle, trustVariables } from '../../../src/sandbox/trust.ts';

test('every variable names one of the two files', () => {
  const values = new Set(Object.values(trustVariables()));
  expect([...values].sort()).toEqual([BUNDLE, SESSION_CA].sort());
});

test('clients that add to their own roots get the one certificate, those that replace them the whole bundle', () => {
  expect(trustVariables()).toMatchObject({
    NODE_EXTRA_CA_CERTS: SESSION_CA,
    DENO_CERT: SESSION_CA,
    SSL_CERT_FILE: BUNDLE,
    GIT_SSL_CAINFO: BUNDLE,
  });
});

test('the bundle of the system is what lies in its first place', () => {
  const { places, pem } = systemBundle();
  for (const place of places) expect(existsSync(place)).toBe(true);
  expect(new Set(places).size).toBe(places.length);
  if (places[0] !== undefined) expect(pem.equals(readFileSync(places[0]))).toBe(true);
  else expect(pem.length).toBe(0);
});
