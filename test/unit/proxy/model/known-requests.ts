// Requests to each known API, and what they ask for.
import { OTHERS } from './known-requests-others.ts';

export interface Expected {
  readonly api: string;
  readonly provider: string;
  readonly name: string;
  readonly tools?: readonly string[];
  readonly serverTools?: readonly string[];
  readonly mcpServers?: readonly string[];
  readonly isStreaming?: boolean;
}

/** Name, host, path, body, and what is seen in it. */
export type Sample = readonly [string, string, string, unknown, Expected];

const user = [{ role: 'user', content: 'hello' }];
const contents = [{ role: 'user', parts: [{ text: 'hello' }] }];

export const REQUESTS: readonly Sample[] = [
  [
    'Anthropic Messages',
    'api.anthropic.com',
    '/v1/messages?beta=true',
    {
      model: 'claude-sonnet-4-5',
      max_tokens: 1,
      stream: true,
      messages: user,
      tools: [
        { name: 'Bash', input_schema: {} },
        { type: 'custom', name: 'Write', input_schema: {} },
        { type: 'bash_20250124', name: 'bash' },
        { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
        { type: 'web_search_20250305', name: 'web_search', max_uses: 5 },
        { type: 'code_execution_20250825', name: 'code_execution' },
        { type: 'mcp_toolset', mcp_server_name: 'notes' },
      ],
      mcp_servers: [
        {
          type: 'url',
          url: 'https://User:pw@MCP.example/sse?token=s3cret',
          name: 'notes',
          authorization_token: 's3cret',
        },
      ],
    },
    {
      api: 'anthropic-messages',
      provider: 'anthropic',
      name: 'claude-sonnet-4-5',
      tools: ['Bash', 'Write', 'bash', 'str_replace_based_edit_tool'],
      serverTools: ['web_search', 'code_execution'],
      mcpServers: ['https://mcp.example/sse'],
      isStreaming: true,
    },
  ],
  [
    'Anthropic: a toolset without its server',
    'api.anthropic.com',
    '/v1/messages',
    { model: 'm', messages: user, tools: [{ type: 'mcp_toolset', mcp_server_name: 'notes' }] },
    { api: 'anthropic-messages', provider: 'anthropic', name: 'm', mcpServers: ['notes'] },
  ],
  [
    'Anthropic Batches',
    'api.anthropic.com',
    '/v1/messages/batches',
    {
      requests: [
        { custom_id: 'a', params: { model: 'm', messages: user, mcp_servers: [{ url: 'https://x.example/' }] } },
      ],
    },
    { api: 'anthropic-messages', provider: 'anthropic', name: 'm', mcpServers: ['https://x.example/'] },
  ],
  [
    'OpenAI Responses',
    'api.openai.com',
    '/v1/responses',
    {
      model: 'gpt-5',
      stream: true,
      input: 'hello',
      tools: [
        { type: 'function', name: 'exec_command', parameters: {} },
        { type: 'custom', name: 'apply_patch' },
        { type: 'local_shell' },
        { type: 'shell', environment: { type: 'local' } },
        { type: 'shell', environment: { type: 'container_auto' } },
        { type: 'web_search_preview_2025_03_11' },
        { type: 'file_search', vector_store_ids: ['v'] },
        { type: 'namespace', name: 'mcp__notes__', tools: [{ type: 'function', name: 'add_note' }] },
        {
          type: 'mcp',
          server_label: 'docs',
          server_url: 'https://docs.example/mcp',
          headers: { Authorization: 's3cret' },
        },
        { type: 'mcp', server_label: 'drive', connector_id: 'connector_googledrive', authorization: 's3cret' },
      ],
    },
    {
      api: 'openai-responses',
      provider: 'openai',
      name: 'gpt-5',
      tools: ['exec_command', 'apply_patch', 'local_shell', 'shell', 'mcp__notes__add_note'],
      serverTools: ['shell', 'web_search', 'file_search'],
      mcpServers: ['https://docs.example/mcp', 'connector_googledrive'],
      isStreaming: true,
    },
  ],
  [
    'OpenAI Chat Completions, and an old function',
    'api.openai.com',
    '/v1/chat/completions',
    {
      model: 'gpt-4o',
      messages: user,
      tools: [
        { type: 'function', function: { name: 'read' } },
        { type: 'custom', custom: { name: 'sql' } },
      ],
      functions: [{ name: 'old' }],
      web_search_options: {},
    },
    {
      api: 'openai-chat',
      provider: 'openai',
      name: 'gpt-4o',
      tools: ['read', 'sql', 'old'],
      serverTools: ['web_search'],
    },
  ],
  [
    'OpenAI Completions',
    'api.openai.com',
    '/v1/completions',
    { model: 'm', prompt: 'x' },
    { api: 'openai-completions', provider: 'openai', name: 'm' },
  ],
  [
    'OpenAI Embeddings',
    'api.openai.com',
    '/v1/embeddings',
    { model: 'm', input: ['x'] },
    { api: 'openai-embeddings', provider: 'openai', name: 'm' },
  ],
  [
    'OpenAI Realtime: a key for a session with an MCP server',
    'api.openai.com',
    '/v1/realtime/client_secrets',
    {
      session: {
        type: 'realtime',
        model: 'gpt-realtime',
        tools: [{ type: 'mcp', server_label: 'a', server_url: 'https://a.example/' }],
      },
    },
    { api: 'openai-realtime', provider: 'openai', name: 'gpt-realtime', mcpServers: ['https://a.example/'] },
  ],
  [
    'Codex with a ChatGPT login',
    'chatgpt.com',
    '/backend-api/codex/responses',
    { model: 'gpt-5-codex', input: [], tools: [], stream: true },
    { api: 'openai-responses', provider: 'openai', name: 'gpt-5-codex', isStreaming: true },
  ],
  [
    'Gemini',
    'generativelanguage.googleapis.com',
    '/v1beta/models/gemini-2.5-Pro:streamGenerateContent?alt=sse',
    {
      contents,
      tools: [
        { functionDeclarations: [{ name: 'read_file' }, { name: 'write_file' }] },
        { function_declarations: [{ name: 'list' }] },
        { googleSearch: {} },
        { url_context: {}, codeExecution: {} },
        { mcpServers: [{ name: 'n', streamableHttpTransport: { url: 'https://n.example/mcp' } }] },
      ],
    },
    {
      api: 'gemini',
      provider: 'google',
      name: 'gemini-2.5-Pro',
      tools: ['read_file', 'write_file', 'list'],
      serverTools: ['google_search', 'url_context', 'code_execution'],
      mcpServers: ['https://n.example/mcp'],
      isStreaming: true,
    },
  ],
  [
    'Gemini on Vertex',
    'europe-west1-aiplatform.googleapis.com',
    '/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-flash:generateContent',
    { contents, tools: [{ googleSearch: {} }] },
    { api: 'gemini', provider: 'vertex', name: 'gemini-2.5-flash', serverTools: ['google_search'] },
  ],
  [
    'Claude on Vertex',
    'us-east5-aiplatform.googleapis.com',
    '/v1/projects/p/locations/l/publishers/anthropic/models/claude-sonnet-4-5@20250929:streamRawPredict',
    {
      anthropic_version: 'vertex-2023-10-16',
      messages: user,
      tools: [{ name: 'Bash', input_schema: {} }],
      stream: true,
    },
    { api: 'vertex-raw', provider: 'vertex', name: 'claude-sonnet-4-5@20250929', tools: ['Bash'], isStreaming: true },
  ],
  [
    'Gemini CLI with a Google login',
    'cloudcode-pa.googleapis.com',
    '/v1internal:streamGenerateContent?alt=sse',
    {
      model: 'gemini-2.5-pro',
      project: 'p',
      request: { contents, tools: [{ functionDeclarations: [{ name: 'f' }] }] },
    },
    { api: 'gemini', provider: 'google', name: 'gemini-2.5-pro', tools: ['f'], isStreaming: true },
  ],
  ...OTHERS,
];
