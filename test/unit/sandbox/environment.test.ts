import { expect, test } from 'vitest';
import { agentEnvironment, imageEnvironment } from '../../../src/sandbox/environment.ts';

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
  'OPENCODE_AUTH_CONTENT',
])('%s is withheld, and named', (name) => {
  const { env, withheld } = agentEnvironment({ [name]: 'shh' }, {});
  expect(env).not.toHaveProperty(name);
  expect(withheld).toEqual([name]);
});

test.each([
  'SSH_AUTH_SOCK',
  'TMPDIR',
  'DOCKER_HOST',
  'XDG_RUNTIME_DIR',
  'https_proxy',
  'HTTP_PROXY',
  'All_Proxy',
  'NO_PROXY',
  'npm_config_https_proxy',
  'npm_config_proxy',
  'npm_config_noproxy',
  'YARN_HTTP_PROXY',
  'PIP_PROXY',
  'CARGO_HTTP_PROXY',
  'GLOBAL_AGENT_HTTPS_PROXY',
  'grpc_proxy',
  'FTP_PROXY',
  'CLOUDSDK_PROXY_PASSWORD',
  'NODE_CHANNEL_FD',
  'LEASH_NATIVE_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
])('%s names what does not exist inside', (name) => {
  const { env, withheld } = agentEnvironment({ [name]: 'x' }, {});
  expect(env).not.toHaveProperty(name);
  expect(withheld).toEqual([]);
});

test.each(['GOPROXY', 'GOPROXY_URL', 'TRUST_PROXY', 'PROXY_PORT', 'PROXY'])(
  '%s is kept: it is about another proxy',
  (name) => {
    expect(agentEnvironment({ [name]: 'x' }, {}).env).toHaveProperty(name);
  },
);

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
  for (const name of ['SSL_CERT_DIR', 'NPM_CONFIG_CAFILE', 'GIT_SSL_CAPATH'])
    expect(agentEnvironment({ [name]: '/host' }, {}).env).not.toHaveProperty(name);
});

test('an agent in an image has the image’s variables, the keys of models and where they go, and nothing else of the host', () => {
  const host = {
    PATH: '/host',
    EDITOR: 'vi',
    TERM: 'xterm',
    OPENAI_API_KEY: 'k',
    OPENAI_BASE_URL: 'https://own.example',
  };
  const env = imageEnvironment({ PATH: '/image', NODE_EXTRA_CA_CERTS: '/image.pem' }, host, {}, '/home/me');
  expect(env).toMatchObject({
    PATH: '/image',
    HOME: '/home/me',
    TERM: 'xterm',
    OPENAI_API_KEY: 'k',
    OPENAI_BASE_URL: 'https://own.example',
    NODE_EXTRA_CA_CERTS: '/run/leash/ca.pem',
  });
  expect(env).not.toHaveProperty('EDITOR');
});
