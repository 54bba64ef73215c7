import { expect, it } from 'vitest';
import { agentKeys } from '../../../../src/session/secrets/agent-keys.ts';

const KEY = 'sk-ant-api03-0123456789abcdef';

it('binds a key to its vendor, and to the server that the user names', () => {
  const [secret] = agentKeys({ ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: 'http://gateway.test:4000/v1' }, {});
  expect(secret).toMatchObject({ name: 'ANTHROPIC_API_KEY', variable: 'ANTHROPIC_API_KEY', mode: 'replace' });
  expect(secret?.hosts).toEqual([
    { name: 'api.anthropic.com', port: 443 },
    { name: 'gateway.test', port: 4000, allowPlaintext: true },
  ]);
});

it.each([
  ['passed on by the user', { ANTHROPIC_API_KEY: KEY }, { ANTHROPIC_API_KEY: KEY }],
  ['too short to be a key', { OPENAI_API_KEY: 'none' }, {}],
  ['empty', { OPENAI_API_KEY: '' }, {}],
  ['no URL', { PATH: '/bin', ANTHROPIC_BASE_URL: 'nonsense' }, {}],
])('nothing of what is %s', (_what, env, passed) => {
  expect(agentKeys(env, passed)).toEqual([]);
});
