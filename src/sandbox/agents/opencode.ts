// OpenCode, as data. Seen in opencode-ai 1.18.33: auth.json holds `{type: "oauth", refresh, access, expires}` or `{type: "api", key}` by provider.
import type { Agent, Kept, McpForm, McpPlace, Way } from './agent.ts';

/** Folders of its own in those of the XDG Base Directory Specification. */
const place = (base: string, by: string, to: string): Kept => ({ path: `${base}/${to}`, moved: { by, to } });
const inData = (name: string): Kept => place('.local/share', 'XDG_DATA_HOME', `opencode/${name}`);

const MCP: McpForm = { syntax: 'json with comments', way: ['mcp'], variables: 'env', isMerged: true };
const inSettings = (name: string): McpPlace => ({
  in: 'home',
  file: place('.config', 'XDG_CONFIG_HOME', `opencode/${name}`),
  form: MCP,
});
const NAMES = ['opencode.json', 'opencode.jsonc'];

/** Provider in auth.json → variable whose hosts its key goes to. */
const KEYS: Readonly<Record<string, string>> = {
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
  opencode: 'OPENCODE_API_KEY',
  openrouter: 'OPENROUTER_API_KEY',
  groq: 'GROQ_API_KEY',
  mistral: 'MISTRAL_API_KEY',
  xai: 'XAI_API_KEY',
  deepseek: 'DEEPSEEK_API_KEY',
  cerebras: 'CEREBRAS_API_KEY',
  openai: 'OPENAI_API_KEY',
};

export const OPENCODE: Agent = {
  name: 'opencode',
  package: {
    name: 'opencode-ai',
    version: '1.18.33',
    integrity: 'sha512-58P1ffLRXiAY4QeoABqUjqf6DEzm1ihpovvn9Ad+oOLbLiwK/rf88wruT9IATJ7AtNjmi8iA7pC8tN4o5y799Q==',
    isTrusted: true,
  },
  bin: 'opencode',
  environment: { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
  credentials: [...new Set(Object.values(KEYS))],
  logins: [
    {
      name: 'opencode-login',
      file: inData('auth.json'),
      insteadOfFile: 'OPENCODE_AUTH_CONTENT',
      endpoint: { host: 'auth.openai.com', path: '/oauth/token' },
      hosts: ['chatgpt.com', 'api.openai.com'],
      tokens: { access_token: ['openai', 'access'], refresh_token: ['openai', 'refresh'] },
      keys: Object.fromEntries(Object.entries(KEYS).map(([id, variable]): [string, Way] => [variable, [id, 'key']])),
      shown: [...Object.keys(KEYS).map((id): Way => [id, 'type']), ['openai', 'expires'], ['openai', 'accountId']],
      // Providers whose tokens Leash cannot renew, or whose hosts it does not know.
      leftOut: 'all',
      expiry: { way: ['openai', 'expires'], as: 'milliseconds' },
    },
  ],
  hosts: ['api.anthropic.com', 'api.openai.com'],
  settings: [
    place('.config', 'XDG_CONFIG_HOME', 'opencode'),
    inData(''),
    place('.local/state', 'XDG_STATE_HOME', 'opencode'),
  ],
  tokenFiles: [inData('mcp-auth.json')],
  mcpConfig: [
    ...['config.json', ...NAMES].map(inSettings),
    { in: 'variable', name: 'OPENCODE_CONFIG', holds: 'file', form: MCP },
    ...NAMES.map((name): McpPlace => ({ in: 'workspace', path: name, form: MCP })),
    ...NAMES.map((name): McpPlace => ({ in: 'workspace', path: `.opencode/${name}`, form: MCP })),
    ...NAMES.map((file): McpPlace => ({ in: 'variable', name: 'OPENCODE_CONFIG_DIR', holds: { file }, form: MCP })),
    { in: 'variable', name: 'OPENCODE_CONFIG_CONTENT', holds: 'text', form: MCP },
    ...NAMES.map((name): McpPlace => ({ in: 'machine', path: `/etc/opencode/${name}`, form: MCP })),
  ],
  trust: [],
  profile: 'opencode',
};
