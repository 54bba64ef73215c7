// Gemini CLI, as data. Seen in @google/gemini-cli 0.61.0: `cacheCredentials` writes what google-auth-library calls Credentials.
import type { Agent, Kept, McpForm } from './agent.ts';

/** The variable stands for the home directory. */
const place = (name: string): Kept => ({
  path: `.gemini/${name}`,
  moved: { by: 'GEMINI_CLI_HOME', to: `.gemini/${name}` },
});

const MCP: McpForm = {
  syntax: 'json with comments',
  way: ['mcpServers'],
  variables: 'dollar or braces',
  isMerged: false,
};

export const GEMINI: Agent = {
  name: 'gemini',
  package: {
    name: '@google/gemini-cli',
    version: '0.61.0',
    integrity: 'sha512-dbQ9A0qBtFJNi6XBkHvfZ6Azpn6PNgH/P8h2MZ67RLlX8hSAVjup39CRWqdRxZv7YXIuhrFaytr8y0jKnkoxnQ==',
    isTrusted: true,
  },
  bin: 'gemini',
  environment: {},
  credentials: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  logins: [
    {
      name: 'gemini-login',
      file: place('oauth_creds.json'),
      endpoint: { host: 'oauth2.googleapis.com', path: '/token' },
      // The second tells the client whether its token is good (RFC 7662 has the like): it works with no other.
      hosts: ['cloudcode-pa.googleapis.com', 'oauth2.googleapis.com'],
      tokens: { access_token: ['access_token'], refresh_token: ['refresh_token'], id_token: ['id_token'] },
      shown: [['expiry_date'], ['scope'], ['token_type'], ['universe_domain']],
      leftOut: [],
      expiry: { way: ['expiry_date'], as: 'milliseconds' },
    },
  ],
  hosts: ['generativelanguage.googleapis.com'],
  settings: [place('')],
  // The first stands for a keychain where there is none; its key is made of the names of host and user.
  tokenFiles: ['gemini-credentials.json', 'mcp-oauth-tokens.json', 'a2a-oauth-tokens.json'].map(place),
  mcpConfig: [
    { in: 'extensions', folder: place('extensions'), path: 'gemini-extension.json', form: MCP },
    { in: 'machine', path: '/etc/gemini-cli/system-defaults.json', form: MCP },
    { in: 'variable', name: 'GEMINI_CLI_SYSTEM_DEFAULTS_PATH', holds: 'file', form: MCP },
    { in: 'home', file: place('settings.json'), form: MCP },
    { in: 'workspace', path: '.gemini/settings.json', form: MCP },
    { in: 'machine', path: '/etc/gemini-cli/settings.json', form: MCP },
    { in: 'variable', name: 'GEMINI_CLI_SYSTEM_SETTINGS_PATH', holds: 'file', form: MCP },
  ],
  trust: [],
  profile: 'gemini',
};
