// What is read of the login file of each agent, in the form that the agent writes it, and what a renewal makes of it.
import { describe, expect, it } from 'vitest';
import type { Login } from '../../../../src/sandbox/agents/agent.ts';
import { agentNames, findAgent } from '../../../../src/sandbox/agents/catalog.ts';
import { KEY_PROVIDERS } from '../../../../src/sandbox/agents/providers.ts';
import { type ReadLogin, readLogin, renewedText } from '../../../../src/session/logins/login-text.ts';

const part = (json: string): string => Buffer.from(json).toString('base64url');
const JWT = `${part('{"alg":"RS256"}')}.${part('{"sub":"me","exp":2000000000}')}.${'S'.repeat(43)}`;
const A = 'REAL-access-0123456789abcdef';
const R = 'REAL-refresh-0123456789abcdef';

const FORMS: Readonly<Record<string, object>> = {
  claude: {
    claudeAiOauth: {
      accessToken: A,
      refreshToken: R,
      expiresAt: 5,
      scopes: ['a'],
      subscriptionType: 'max',
      rateLimitTier: null,
    },
    mcpOAuth: { 'x|1': { accessToken: 'REAL-mcp-0123456789' } },
    organizationUuid: 'org',
  },
  codex: {
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: { id_token: JWT, access_token: A, refresh_token: R, account_id: 'acc' },
    last_refresh: '2026-01-01T00:00:00Z',
    agent_identity: null,
  },
  gemini: { access_token: A, refresh_token: R, id_token: JWT, scope: 's', token_type: 'Bearer', expiry_date: 5 },
  qwen: { access_token: A, refresh_token: R, token_type: 'Bearer', resource_url: 'portal.qwen.ai', expiry_date: 5 },
  opencode: {
    openai: { type: 'oauth', access: A, refresh: R, expires: 5, accountId: 'acc' },
    openrouter: { type: 'api', key: 'sk-or-v1-REAL0123456789abcdef' },
    'github-copilot': { type: 'oauth', access: 'REAL-other-0123456789', refresh: 'REAL-other-9876543210', expires: 5 },
  },
};

function loginOf(name: string): Login {
  const login = findAgent(name)?.logins[0];
  if (login === undefined) throw new Error(`${name} has no login`);
  return login;
}

function read(name: string, form: object): ReadLogin {
  const found = readLogin(JSON.stringify(form), loginOf(name));
  if (found === undefined || 'problem' in found) throw new Error(found?.problem ?? 'nothing');
  return found;
}

describe.each(agentNames())('%s', (name) => {
  const form = FORMS[name] ?? {};

  it('has a copy in which no credential is left, and which its client understands', () => {
    const { copy, tokens } = read(name, form);
    expect(copy).not.toContain('REAL');
    expect(copy).not.toContain('S'.repeat(43));
    expect(tokens.access_token?.value).toBe(A);
    expect(tokens.refresh_token?.value).toBe(R);
    expect(copy).toContain(tokens.access_token?.placeholder);
    expect(copy).toContain(tokens.refresh_token?.placeholder);
  });

  it('keeps after a renewal what was there beside the tokens', () => {
    const renewed = { access_token: 'NEW-access-0123456789', refresh_token: 'NEW-refresh-0123456789', expires_in: 60 };
    const text = renewedText(JSON.stringify(form), loginOf(name), renewed, 1_000_000) ?? '';
    expect(text).not.toContain(A);
    expect(text).not.toContain(R);
    expect(text).toContain('NEW-access');
    expect(text).toContain('NEW-refresh');
    expect(text).toMatch(/1060000|1970-01-01T00:16:40/);
    const others = (value: object): string =>
      JSON.stringify(value)
        .replace(/REAL-(access|refresh)-\w+/g, '')
        .replace(/"(expiresAt|expires|expiry_date|last_refresh)":[^,}]+/, '');
    expect(
      others(
        JSON.parse(text.replace(/NEW-(access|refresh)-\w+/g, (_all, kind: string) => (kind === 'access' ? A : R))),
      ),
    ).toBe(others(form));
  });

  it('goes to hosts that are named, and its keys to those of their providers', () => {
    const login = loginOf(name);
    for (const host of [login.endpoint.host, ...login.hosts]) expect(host).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
    for (const variable of Object.keys(login.keys ?? {})) expect(KEY_PROVIDERS).toHaveProperty(variable);
    for (const variable of findAgent(name)?.credentials ?? []) expect(KEY_PROVIDERS).toHaveProperty(variable);
  });
});

it('keys beside tokens are read, each for its own provider', () => {
  const { keys } = read('opencode', FORMS['opencode'] ?? {});
  expect(Object.keys(keys)).toEqual(['OPENROUTER_API_KEY']);
  expect(keys['OPENROUTER_API_KEY']?.placeholder).toMatch(/^sk-or-v1-/);
  expect(Object.keys(read('codex', { OPENAI_API_KEY: 'sk-proj-REAL0123456789abc' }).keys)).toEqual(['OPENAI_API_KEY']);
});

it('without a new refresh token the old one stays', () => {
  const text = renewedText(
    JSON.stringify(FORMS['gemini']),
    loginOf('gemini'),
    { access_token: 'NEW-access-0123456789' },
    0,
  );
  expect(JSON.parse(text ?? '')).toMatchObject({
    access_token: 'NEW-access-0123456789',
    refresh_token: R,
    expiry_date: 5,
  });
});

it.each([
  ['nothing in it', '{}', undefined],
  ['logged out', '{"claudeAiOauth":{"accessToken":"","refreshToken":""}}', undefined],
  ['no JSON', 'x', 'it is no JSON object'],
  ['a list', '[]', 'it is no JSON object'],
  ['a member that is new', `{"next":"${A}"}`, 'does not know its member next'],
  [
    'a nested one',
    `{"claudeAiOauth":{"accessToken":"${A}","dpop":{"key":"x"}}}`,
    'does not know its member claudeAiOauth.dpop',
  ],
  ['a name that may be a credential', `{"${A} ${R}":1}`, 'does not know its member with an unusual name'],
  ['a token that is no text', '{"claudeAiOauth":{"accessToken":{"x":1}}}', 'does not know|no text'],
  ['a short token', '{"claudeAiOauth":{"accessToken":"short"}}', 'fewer than 8'],
  ['a line end in a token', `{"claudeAiOauth":{"accessToken":"${A}\\r\\nx"}}`, 'characters that no header may hold'],
  [
    'more in what is shown',
    `{"claudeAiOauth":{"accessToken":"${A}","scopes":[{"t":"x"}]}}`,
    'is not what Leash expects',
  ],
  ['__proto__', `{"__proto__":{"a":"${A}"}}`, 'does not know its member'],
])('%s', (_what, text, problem) => {
  const found = readLogin(text, loginOf('claude'));
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject({ problem: expect.stringMatching(problem) });
  expect(JSON.stringify(found ?? {})).not.toContain('REAL');
});
