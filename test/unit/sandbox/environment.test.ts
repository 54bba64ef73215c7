import { expect, test } from 'vitest';
import { agentEnvironment } from '../../../src/sandbox/environment.ts';

test('ordinary variables and the keys of agents are kept', () => {
  const { env, withheld } = agentEnvironment({ EDITOR: 'vi', ANTHROPIC_API_KEY: 'k', EMPTY: '', GONE: undefined }, {});
  expect(env).toMatchObject({ EDITOR: 'vi', ANTHROPIC_API_KEY: 'k', EMPTY: '', LEASH: '1' });
  expect(env).not.toHaveProperty('GONE');
  expect(withheld).toEqual([]);
});

test.each([
  'AWS_ACCESS_KEY_ID',
  'GITHUB_TOKEN',
  'DB_PASSWORD',
  'pgpassword',
  'GITLAB_PAT',
  'STRIPE_API_KEY',
  'SIGNING_PRIVATE_KEY',
  'CLIENT_SECRET',
])('%s is withheld, and named', (name) => {
  const { env, withheld } = agentEnvironment({ [name]: 'shh' }, {});
  expect(env).not.toHaveProperty(name);
  expect(withheld).toEqual([name]);
});

test.each([
  'SSH_AUTH_SOCK',
  'DOCKER_HOST',
  'XDG_RUNTIME_DIR',
  'https_proxy',
  'NODE_CHANNEL_FD',
  'LEASH_NATIVE_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
])('%s names what does not exist inside', (name) => {
  const { env, withheld } = agentEnvironment({ [name]: 'x' }, {});
  expect(env).not.toHaveProperty(name);
  expect(withheld).toEqual([]);
});

test('what was asked for by name is passed whatever it is, and over the rest', () => {
  const { env } = agentEnvironment(
    { GITHUB_TOKEN: 'old', CURL_CA_BUNDLE: '/host' },
    { GITHUB_TOKEN: 'new', CURL_CA_BUNDLE: '/mine' },
  );
  expect(env).toMatchObject({ GITHUB_TOKEN: 'new', CURL_CA_BUNDLE: '/mine' });
});

test("an inherited trust store does not win over the session's", () => {
  expect(agentEnvironment({ SSL_CERT_FILE: '/host', SSL_CERT_DIR: '/host' }, {}).env).toMatchObject({
    SSL_CERT_FILE: '/run/leash/ca-bundle.pem',
  });
  expect(agentEnvironment({ SSL_CERT_DIR: '/host' }, {}).env).not.toHaveProperty('SSL_CERT_DIR');
});
