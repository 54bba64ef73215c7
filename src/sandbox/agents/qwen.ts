// Qwen Code, as data. Seen in @qwen-code/qwen-code 0.15.10: qwenOAuth2.ts and sharedTokenManager.ts, in its bundle.
import type { Agent, Kept, McpForm } from './agent.ts';

const place = (to: string): Kept => ({ path: `.qwen/${to}`, moved: { by: 'QWEN_HOME', to } });

const MCP: McpForm = { syntax: 'json with comments', way: ['mcpServers'], variables: 'dollar', isMerged: false };

export const QWEN: Agent = {
  name: 'qwen',
  package: {
    name: '@qwen-code/qwen-code',
    // The newest that runs on Node 20.
    version: '0.15.10',
    integrity: 'sha512-A1rAUg7TTO62yuwogzEstMWLVxQ4n4JO26k9t6s93Ed14svp7W+7WEAAZhUMmxPf/q9xQQW7LwX48cuQcgKDBQ==',
    isTrusted: true,
  },
  bin: 'qwen',
  environment: {},
  credentials: ['OPENAI_API_KEY', 'DASHSCOPE_API_KEY', 'BAILIAN_CODING_PLAN_API_KEY'],
  logins: [
    {
      name: 'qwen-login',
      file: place('oauth_creds.json'),
      endpoint: { host: 'chat.qwen.ai', path: '/api/v1/oauth2/token' },
      hosts: ['portal.qwen.ai', 'dashscope.aliyuncs.com'],
      tokens: { access_token: ['access_token'], refresh_token: ['refresh_token'], id_token: ['id_token'] },
      shown: [['expiry_date'], ['scope'], ['token_type'], ['resource_url']],
      leftOut: [],
      expiry: { way: ['expiry_date'], as: 'milliseconds' },
    },
  ],
  hosts: [
    'dashscope.aliyuncs.com',
    'dashscope-intl.aliyuncs.com',
    'coding.dashscope.aliyuncs.com',
    'coding-intl.dashscope.aliyuncs.com',
    'portal.qwen.ai',
  ],
  settings: [place('')],
  tokenFiles: ['mcp-oauth-tokens.json', 'mcp-oauth-tokens-v2.json'].map(place),
  mcpConfig: [
    { in: 'extensions', folder: place('extensions'), path: 'qwen-extension.json', form: MCP },
    { in: 'machine', path: '/etc/qwen-code/system-defaults.json', form: MCP },
    { in: 'variable', name: 'QWEN_CODE_SYSTEM_DEFAULTS_PATH', holds: 'file', form: MCP },
    { in: 'home', file: place('settings.json'), form: MCP },
    { in: 'workspace', path: '.qwen/settings.json', form: MCP },
    { in: 'machine', path: '/etc/qwen-code/settings.json', form: MCP },
    { in: 'variable', name: 'QWEN_CODE_SYSTEM_SETTINGS_PATH', holds: 'file', form: MCP },
    // What it is told here it takes as it stands.
    { in: 'option', names: ['--mcp-config'], holds: 'texts or files', form: { ...MCP, variables: 'none' } },
  ],
  trust: [],
  profile: 'qwen',
};
