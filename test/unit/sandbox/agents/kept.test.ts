import { expect, test } from 'vitest';
import type { Agent } from '../../../../src/sandbox/agents/agent.ts';
import { agentNames, findAgent } from '../../../../src/sandbox/agents/catalog.ts';
import { agentCredentials, moversOf, placeOf, settingsOf } from '../../../../src/sandbox/agents/kept.ts';

function agent(name: string): Agent {
  const found = findAgent(name);
  if (found === undefined) throw new Error(`no agent ${name}`);
  return found;
}

const settings = (name: string, env: Readonly<Record<string, string>> = {}): readonly string[] =>
  settingsOf(agent(name), env, '/h');

test('every agent that Leash knows has settings somewhere, and its login lies in one of these places', () => {
  for (const name of agentNames())
    for (const env of [{}, { CLAUDE_CONFIG_DIR: '/c', CODEX_HOME: '/x', QWEN_HOME: '/q', XDG_DATA_HOME: '/d' }]) {
      const places = settingsOf(agent(name), env, '/h');
      for (const { file } of agent(name).logins)
        expect(places.some((place) => placeOf(file, env, '/h').startsWith(`${place}/`))).toBe(true);
    }
});

test('variables move them, relative and empty ones do not', () => {
  expect(settings('claude')).toEqual(['/h/.claude', '/h/.claude.json']);
  expect(settings('claude', { CLAUDE_CONFIG_DIR: '/c/' })).toEqual(['/c']);
  expect(settings('claude', { CLAUDE_CONFIG_DIR: '' })).toEqual(['/h/.claude', '/h/.claude.json']);
  expect(settings('codex', { CODEX_HOME: 'c' })).toEqual(['/h/.codex']);
  expect(settings('gemini', { GEMINI_CLI_HOME: '/g' })).toEqual(['/g/.gemini']);
  expect(settings('qwen', { QWEN_HOME: '/q' })).toEqual(['/q']);
  expect(settings('opencode', { XDG_DATA_HOME: '/d' })).toEqual([
    '/h/.config/opencode',
    '/d/opencode',
    '/h/.local/state/opencode',
  ]);
});

test('tokens of all agents, wherever they lie', () => {
  const moved = { CLAUDE_CONFIG_DIR: '/c', GEMINI_CLI_HOME: '/g', QWEN_HOME: '/q', XDG_DATA_HOME: '/d' };
  expect(agentCredentials(moved, '/h')).toEqual([
    '/c/.credentials.json',
    '/h/.codex/auth.json',
    '/g/.gemini/oauth_creds.json',
    '/g/.gemini/gemini-credentials.json',
    '/g/.gemini/mcp-oauth-tokens.json',
    '/g/.gemini/a2a-oauth-tokens.json',
    '/q/oauth_creds.json',
    '/q/mcp-oauth-tokens.json',
    '/q/mcp-oauth-tokens-v2.json',
    '/d/opencode/auth.json',
    '/d/opencode/mcp-auth.json',
  ]);
});

test('the variables that move what an agent keeps', () => {
  expect(moversOf(agent('claude'))).toEqual(['CLAUDE_CONFIG_DIR']);
  expect(moversOf(agent('opencode'))).toContain('XDG_DATA_HOME');
});
