// The variables that hold keys of language models; out: for each, the servers it may go to and its part of a request.

/** Assignable to a place of the proxy's secrets. */
type KeyPlace =
  | { readonly kind: 'header'; readonly name: string; readonly format: string }
  | { readonly kind: 'query'; readonly name: string };

export interface Provider {
  /** On port 443. */
  readonly hosts: readonly string[];
  /** Variables that lead the provider's clients to another server. */
  readonly baseUrls: readonly string[];
  readonly places: readonly KeyPlace[];
}

const BEARER: KeyPlace = { kind: 'header', name: 'authorization', format: 'Bearer {}' };
const X_API_KEY: KeyPlace = { kind: 'header', name: 'x-api-key', format: '{}' };

function bearer(hosts: readonly string[], baseUrls: readonly string[] = []): Provider {
  return { hosts, baseUrls, places: [BEARER] };
}

const ANTHROPIC: Provider = {
  hosts: ['api.anthropic.com'],
  baseUrls: ['ANTHROPIC_BASE_URL'],
  places: [X_API_KEY, BEARER],
};
const OPENAI = bearer(['api.openai.com'], ['OPENAI_BASE_URL', 'OPENAI_API_BASE']);
const GOOGLE: Provider = {
  hosts: ['generativelanguage.googleapis.com', 'aiplatform.googleapis.com'],
  baseUrls: ['GOOGLE_GEMINI_BASE_URL', 'GOOGLE_VERTEX_BASE_URL'],
  places: [
    { kind: 'header', name: 'x-goog-api-key', format: '{}' },
    { kind: 'query', name: 'key' },
  ],
};
const DASHSCOPE = bearer(
  ['dashscope.aliyuncs.com', 'dashscope-intl.aliyuncs.com', 'dashscope-us.aliyuncs.com'],
  ['DASHSCOPE_BASE_URL', 'OPENAI_BASE_URL'],
);
const CODING_PLAN = bearer(['coding.dashscope.aliyuncs.com', 'coding-intl.dashscope.aliyuncs.com']);

/** One source: what is passed into the sandbox, as a placeholder, and what becomes of it on its way out. */
export const KEY_PROVIDERS: Readonly<Record<string, Provider>> = {
  ANTHROPIC_API_KEY: ANTHROPIC,
  ANTHROPIC_AUTH_TOKEN: ANTHROPIC,
  CLAUDE_CODE_OAUTH_TOKEN: ANTHROPIC,
  OPENAI_API_KEY: OPENAI,
  // Codex asks the other host of its vendor, with the same key, which models there are.
  CODEX_API_KEY: { ...OPENAI, hosts: [...OPENAI.hosts, 'chatgpt.com'] },
  GEMINI_API_KEY: GOOGLE,
  GOOGLE_API_KEY: GOOGLE,
  GOOGLE_GENERATIVE_AI_API_KEY: GOOGLE,
  DASHSCOPE_API_KEY: DASHSCOPE,
  BAILIAN_CODING_PLAN_API_KEY: CODING_PLAN,
  ALIBABA_CODING_PLAN_API_KEY: CODING_PLAN,
  OPENCODE_API_KEY: bearer(['opencode.ai']),
  OPENROUTER_API_KEY: bearer(['openrouter.ai']),
  GROQ_API_KEY: bearer(['api.groq.com']),
  MISTRAL_API_KEY: bearer(['api.mistral.ai']),
  XAI_API_KEY: bearer(['api.x.ai']),
  DEEPSEEK_API_KEY: bearer(['api.deepseek.com']),
  CEREBRAS_API_KEY: bearer(['api.cerebras.ai']),
  MOONSHOT_API_KEY: bearer(['api.moonshot.ai', 'api.moonshot.cn']),
};

/** The variables that the sandbox does not withhold. */
export const AGENT_KEYS: readonly string[] = Object.keys(KEY_PROVIDERS);

/** Name the servers that keys go to beside their vendors'. */
export const BASE_URLS: readonly string[] = [
  ...new Set(Object.values(KEY_PROVIDERS).flatMap(({ baseUrls }) => baseUrls)),
];
