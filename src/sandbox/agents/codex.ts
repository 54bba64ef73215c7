// Codex, as data. Seen in @openai/codex 0.169.0: `struct AuthDotJson with 8 elements`, `struct TokenData`, and the endpoint.
import type { Agent, Kept, McpForm } from './agent.ts';

const place = (to: string): Kept => ({ path: `.codex/${to}`, moved: { by: 'CODEX_HOME', to } });

export const MCP_TOML: McpForm = { syntax: 'toml', way: ['mcp_servers'], variables: 'none', isMerged: true };

export const CODEX: Agent = {
  name: 'codex',
  package: {
    name: '@openai/codex',
    version: '0.169.0',
    integrity: 'sha512-KhzYlkKPxoNssR8CEm45IjqnFWn7UtlF4CiD3tOJPea51xBs7MaHy0UQG9GSbCqk6Lrjn5QdJDV0QD1/FgWlGw==',
    isTrusted: true,
  },
  bin: 'codex',
  environment: {},
  credentials: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
  logins: [
    {
      name: 'codex-login',
      file: place('auth.json'),
      endpoint: { host: 'auth.openai.com', path: '/oauth/token' },
      hosts: ['chatgpt.com', 'api.openai.com'],
      tokens: {
        access_token: ['tokens', 'access_token'],
        refresh_token: ['tokens', 'refresh_token'],
        id_token: ['tokens', 'id_token'],
      },
      keys: { OPENAI_API_KEY: ['OPENAI_API_KEY'] },
      shown: [['auth_mode'], ['last_refresh'], ['tokens', 'account_id']],
      leftOut: [['agent_identity'], ['personal_access_token'], ['bedrock_api_key'], ['bedrock_access_keys']],
      expiry: { way: ['last_refresh'], as: 'renewed' },
    },
  ],
  hosts: ['api.openai.com', 'chatgpt.com'],
  settings: [place('')],
  tokenFiles: [],
  mcpConfig: [
    { in: 'machine', path: '/etc/codex/config.toml', form: MCP_TOML },
    { in: 'home', file: place('config.toml'), form: MCP_TOML },
    { in: 'workspace', path: '.codex/config.toml', form: MCP_TOML },
    { in: 'option', names: ['-c', '--config'], holds: 'key = value', form: MCP_TOML },
    { in: 'machine', path: '/etc/codex/managed_config.toml', form: MCP_TOML },
  ],
  // Where the user has it, it wins over SSL_CERT_FILE.
  trust: ['CODEX_CA_CERTIFICATE'],
  profile: 'codex',
};
