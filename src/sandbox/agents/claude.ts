// Claude Code, as data. Seen in @anthropic-ai/claude-code 2.1.197: the file in `plaintext` secure storage, the endpoint as TOKEN_URL.
import type { Agent, Kept, McpForm } from './agent.ts';

const place = (to: string, path = `.claude/${to}`): Kept => ({ path, moved: { by: 'CLAUDE_CONFIG_DIR', to } });
const OAUTH = 'claudeAiOauth';

/** The one that most clients have taken over. */
export const MCP_JSON: McpForm = { syntax: 'json', way: ['mcpServers'], variables: 'braces', isMerged: false };
const MINE = place('.claude.json', '.claude.json');

export const CLAUDE: Agent = {
  name: 'claude',
  package: {
    name: '@anthropic-ai/claude-code',
    version: '2.1.197',
    integrity: 'sha512-EqrwbRcI7M5y8jQlayIfTMmbZJ2OQaLOc7KwIWKdryQCdKWUEFr+C9rMovZUuj2Asndi7aqLujEzRtr471gncg==',
    isTrusted: true,
  },
  bin: 'claude',
  environment: {
    // Without it claude refuses --dangerously-skip-permissions for uid 0.
    IS_SANDBOX: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
  },
  credentials: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
  logins: [
    {
      name: 'claude-login',
      file: place('.credentials.json'),
      endpoint: { host: 'platform.claude.com', path: '/v1/oauth/token' },
      hosts: ['api.anthropic.com'],
      tokens: { access_token: [OAUTH, 'accessToken'], refresh_token: [OAUTH, 'refreshToken'] },
      shown: [
        [OAUTH, 'expiresAt'],
        [OAUTH, 'refreshTokenExpiresAt'],
        [OAUTH, 'scopes'],
        [OAUTH, 'subscriptionType'],
        [OAUTH, 'rateLimitTier'],
        [OAUTH, 'clientId'],
        ['organizationUuid'],
      ],
      leftOut: [['mcpOAuth'], ['mcpOAuthClientConfig'], ['trustedDeviceToken'], ['enterpriseGateway'], ['designOauth']],
      expiry: { way: [OAUTH, 'expiresAt'], as: 'milliseconds' },
    },
  ],
  hosts: ['api.anthropic.com'],
  settings: [place('', '.claude'), MINE],
  tokenFiles: [],
  mcpConfig: [
    { in: 'machine', path: '/etc/claude-code/managed-mcp.json', form: MCP_JSON },
    { in: 'home', file: MINE, form: MCP_JSON },
    { in: 'workspace', path: '.mcp.json', form: MCP_JSON },
    { in: 'home', file: MINE, form: { ...MCP_JSON, way: ['projects', '@workspace', 'mcpServers'] } },
    { in: 'option', names: ['--mcp-config'], holds: 'texts or files', form: MCP_JSON },
  ],
  trust: [],
  profile: 'claude',
};
