// What the environment of leash says about the way out, and whom it trusts.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSessionCa } from '../../../src/proxy/tls/session-ca.ts';
import { upstreamOf } from '../../../src/session/upstream.ts';
import { sessionOptions } from './session-options.ts';

const company = createSessionCa().certificatePem;
let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-upstream-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('without variables nothing but roots is set', async () => {
  const upstream = await upstreamOf(sessionOptions(root));
  expect(upstream.parents).toBeUndefined();
  expect(upstream.roots?.().length).toBeGreaterThan(50);
  expect(upstream.roots?.()).not.toContain(company);
});

test.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'])(
  "%s adds the user's roots",
  async (variable) => {
    const file = path.join(root, 'company.pem');
    writeFileSync(file, `Company root\n${company}`);
    const upstream = await upstreamOf(sessionOptions(root, { env: { [variable]: file } }));
    expect(upstream.roots?.()).toContain(company);
  },
);

test('a root that the agent could have written is not trusted', async () => {
  mkdirSync(path.join(root, 'workspace'));
  const file = path.join(root, 'workspace/company.pem');
  writeFileSync(file, company);
  const upstream = await upstreamOf(sessionOptions(root, { env: { NODE_EXTRA_CA_CERTS: file } }));
  expect(upstream.roots?.()).not.toContain(company);
});

test('parent proxies are read from the environment of the session, and what means nothing is said', async () => {
  const said: string[] = [];
  const env = { HTTPS_PROXY: 'http://p.test:1', NO_PROXY: '10.0.0.*' };
  const { parents } = await upstreamOf(sessionOptions(root, { env, say: (line) => said.push(line) }));
  expect(String(parents?.proxyFor('example.com', 443, 'https'))).toBe('the proxy http://p.test:1 (HTTPS_PROXY)');
  expect(said).toEqual(['NO_PROXY: "10.0.0.*" is no name, address or network, and is ignored']);
});

test('a parent proxy that cannot be understood is refused', async () => {
  const env = { HTTPS_PROXY: 'gopher://p.test:1' };
  await expect(upstreamOf(sessionOptions(root, { env }))).rejects.toMatchObject({ code: 'LEASH_PARENT_PROXY' });
});
