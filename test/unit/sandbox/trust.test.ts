import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createSessionCa } from '../../../src/proxy/tls/session-ca.ts';
import { ADDED_ROOTS, BUNDLE, contradictsTrust, trustMounts, trustVariables } from '../../../src/sandbox/trust.ts';

const ca = createSessionCa();
const company = createSessionCa().certificatePem;
const system = { places: ['/system/bundle.crt'], pem: Buffer.from('SYSTEM') };
const request = { env: {}, ca, roots: [company], rootFiles: [], mayCover: () => true };

test('clients that add to their own roots get what is new, those that replace them the whole bundle', () => {
  expect(new Set(Object.values(trustVariables({})))).toEqual(new Set([BUNDLE, ADDED_ROOTS]));
  expect(trustVariables({})).toMatchObject({
    NODE_EXTRA_CA_CERTS: ADDED_ROOTS,
    DENO_CERT: ADDED_ROOTS,
    SSL_CERT_FILE: BUNDLE,
    GIT_SSL_CAINFO: BUNDLE,
  });
});

test('a client whose roots the user added to gets all of them', () => {
  const env = { NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt' };
  expect(trustVariables(env)).toMatchObject({ NODE_EXTRA_CA_CERTS: BUNDLE, DENO_CERT: ADDED_ROOTS });
});

test.each(['SSL_CERT_DIR', 'NPM_CONFIG_CAFILE', 'npm_config_ca', 'GIT_SSL_CAPATH', 'YARN_CA_FILE_PATH'])(
  '%s would win over what is set',
  (name) => expect(contradictsTrust(name)).toBe(true),
);

test.each(['PATH', 'npm_config_registry', 'SSL_CERT_FILE', 'npm_config_cache'])('%s would not', (name) =>
  expect(contradictsTrust(name)).toBe(false),
);

test('the bundle has the system’s roots, the user’s and the session’s, and covers the system’s and the user’s files', () => {
  const mayCover = (place: string): boolean => place !== '/mine.pem';
  const { files } = trustMounts({ ...request, rootFiles: ['/company.pem', '/mine.pem'], mayCover }, system);
  const bundle = `SYSTEM\n${ca.certificatePem}${company}`;
  for (const place of [BUNDLE, '/system/bundle.crt', '/company.pem']) expect(String(files.get(place))).toBe(bundle);
  expect(String(files.get(ADDED_ROOTS))).toBe(`${ca.certificatePem}${company}`);
  expect(files.has('/mine.pem')).toBe(false);
});

test('a hashed folder gets a link by the name that OpenSSL looks for', () => {
  const { folders } = trustMounts(request, system);
  const hashed = folders.find(({ place }) => place === '/etc/ssl/certs');
  if (hashed !== undefined) expect(hashed.links.get(ca.fileName)).toBe(ADDED_ROOTS);
});

test('a Java runtime of the agent’s own is told by variable only where the host has no store', () => {
  const without = trustMounts({ ...request, env: { JAVA_TOOL_OPTIONS: '-Xmx1g' }, mayCover: () => false }, system);
  expect(without.env['JAVA_TOOL_OPTIONS']).toBe('-Xmx1g -Djavax.net.ssl.trustStore=/run/leash/java-cacerts');
  expect(without.files.get('/run/leash/java-cacerts')?.readUInt32BE(8)).toBe(2);
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-trust-')));
  try {
    const store = path.join(root, 'cacerts');
    writeFileSync(store, '');
    const env = { JAVA_OPTS: `-Djavax.net.ssl.trustStore=${store}` };
    const { files, env: told } = trustMounts({ ...request, env }, system);
    expect(files.has(store)).toBe(true);
    expect(told).toEqual({});
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
