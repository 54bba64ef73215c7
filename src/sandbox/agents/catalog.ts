// The agents Leash can install and drive, as data.

export interface Agent {
  readonly name: string;
  /** npm package, installed at exactly `version`. */
  readonly package: string;
  readonly version: string;
  /** Subresource Integrity of the package's tarball (W3C SRI): what was tried here is what is installed. */
  readonly integrity: string;
  /** Name of the program among the package's `bin` entries. */
  readonly bin: string;
  /** Environment it needs to work unattended in a sandbox: no update of itself, no telemetry. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables that hold its credential. */
  readonly credentials: readonly string[];
  /** Hosts its model API is served from, on port 443. */
  readonly hosts: readonly string[];
}

const AGENTS: readonly Agent[] = [
  {
    name: 'claude',
    package: '@anthropic-ai/claude-code',
    version: '2.1.197',
    integrity: 'sha512-EqrwbRcI7M5y8jQlayIfTMmbZJ2OQaLOc7KwIWKdryQCdKWUEFr+C9rMovZUuj2Asndi7aqLujEzRtr471gncg==',
    bin: 'claude',
    environment: {
      // Without it claude refuses --dangerously-skip-permissions for uid 0.
      IS_SANDBOX: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
    },
    credentials: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
    hosts: ['api.anthropic.com'],
  },
  {
    name: 'codex',
    package: '@openai/codex',
    version: '0.169.0',
    integrity: 'sha512-KhzYlkKPxoNssR8CEm45IjqnFWn7UtlF4CiD3tOJPea51xBs7MaHy0UQG9GSbCqk6Lrjn5QdJDV0QD1/FgWlGw==',
    bin: 'codex',
    environment: {},
    credentials: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
    hosts: ['api.openai.com', 'chatgpt.com'],
  },
  {
    name: 'gemini',
    package: '@google/gemini-cli',
    version: '0.61.0',
    integrity: 'sha512-dbQ9A0qBtFJNi6XBkHvfZ6Azpn6PNgH/P8h2MZ67RLlX8hSAVjup39CRWqdRxZv7YXIuhrFaytr8y0jKnkoxnQ==',
    bin: 'gemini',
    environment: {},
    credentials: ['GEMINI_API_KEY'],
    hosts: ['generativelanguage.googleapis.com'],
  },
  {
    name: 'qwen',
    package: '@qwen-code/qwen-code',
    // The newest that runs on Node 20.
    version: '0.15.10',
    integrity: 'sha512-A1rAUg7TTO62yuwogzEstMWLVxQ4n4JO26k9t6s93Ed14svp7W+7WEAAZhUMmxPf/q9xQQW7LwX48cuQcgKDBQ==',
    bin: 'qwen',
    environment: {},
    credentials: ['OPENAI_API_KEY'],
    hosts: ['dashscope.aliyuncs.com', 'dashscope-intl.aliyuncs.com'],
  },
  {
    name: 'opencode',
    package: 'opencode-ai',
    version: '1.18.33',
    integrity: 'sha512-58P1ffLRXiAY4QeoABqUjqf6DEzm1ihpovvn9Ad+oOLbLiwK/rf88wruT9IATJ7AtNjmi8iA7pC8tN4o5y799Q==',
    bin: 'opencode',
    environment: { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
    credentials: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'],
    hosts: ['api.anthropic.com', 'api.openai.com'],
  },
];

/** The agent of that name, if Leash knows it. */
export function findAgent(name: string): Agent | undefined {
  return AGENTS.find((agent) => agent.name === name);
}

export function agentNames(): readonly string[] {
  return AGENTS.map(({ name }) => name);
}
