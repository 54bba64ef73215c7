// Requests to the APIs of other providers and gateways, and what they ask for.
import type { Sample } from './known-requests.ts';

const user = [{ role: 'user', content: 'hello' }];

export const OTHERS: readonly Sample[] = [
  [
    'Qwen, compatible mode',
    'dashscope-intl.aliyuncs.com',
    '/compatible-mode/v1/chat/completions',
    { model: 'qwen3-coder-plus', messages: user, enable_search: true },
    { api: 'openai-chat', provider: 'qwen', name: 'qwen3-coder-plus', serverTools: ['web_search'] },
  ],
  [
    'DashScope itself',
    'dashscope.aliyuncs.com',
    '/api/v1/services/aigc/text-generation/generation',
    {
      model: 'qwen-max',
      input: { messages: user },
      parameters: { enable_search: true, tools: [{ type: 'function', function: { name: 'f' } }] },
    },
    { api: 'dashscope', provider: 'qwen', name: 'qwen-max', tools: ['f'], serverTools: ['web_search'] },
  ],
  [
    'OpenRouter',
    'openrouter.ai',
    '/api/v1/chat/completions',
    { model: 'anthropic/claude-sonnet-4.5:online', messages: user, plugins: [{ id: 'web' }, { id: 'file-parser' }] },
    {
      api: 'openai-chat',
      provider: 'openrouter',
      name: 'anthropic/claude-sonnet-4.5:online',
      serverTools: ['web_search', 'file-parser'],
    },
  ],
  [
    'Mistral',
    'api.mistral.ai',
    '/v1/conversations',
    { model: 'mistral-medium', inputs: 'x', tools: [{ type: 'web_search_premium' }] },
    { api: 'mistral-conversations', provider: 'mistral', name: 'mistral-medium', serverTools: ['web_search_premium'] },
  ],
  [
    'Groq',
    'api.groq.com',
    '/openai/v1/responses',
    { model: 'm', input: 'x', tools: [{ type: 'mcp', server_url: 'https://h.example/mcp' }] },
    { api: 'openai-responses', provider: 'groq', name: 'm', mcpServers: ['https://h.example/mcp'] },
  ],
  [
    'xAI',
    'api.x.ai',
    '/v1/chat/completions',
    { model: 'grok-4', messages: user, search_parameters: { mode: 'auto' } },
    { api: 'openai-chat', provider: 'xai', name: 'grok-4', serverTools: ['web_search'] },
  ],
  [
    'DeepSeek',
    'api.deepseek.com',
    '/chat/completions',
    { model: 'deepseek-chat', messages: user },
    { api: 'openai-chat', provider: 'deepseek', name: 'deepseek-chat' },
  ],
  [
    'DeepSeek as Anthropic',
    'api.deepseek.com',
    '/anthropic/v1/messages',
    { model: 'deepseek-chat', messages: user },
    { api: 'anthropic-messages', provider: 'deepseek', name: 'deepseek-chat' },
  ],
  [
    'Ollama',
    'host.docker.internal',
    '/api/chat',
    { model: 'llama3', messages: user, tools: [{ type: 'function', function: { name: 'f' } }] },
    { api: 'ollama', provider: 'ollama', name: 'llama3', tools: ['f'], isStreaming: true },
  ],
  [
    'Bedrock, Anthropic inside',
    'bedrock-runtime.us-east-1.amazonaws.com',
    '/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke-with-response-stream',
    { anthropic_version: 'bedrock-2023-05-31', messages: user, tools: [{ name: 'Bash', input_schema: {} }] },
    {
      api: 'bedrock-invoke',
      provider: 'bedrock',
      name: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      tools: ['Bash'],
      isStreaming: true,
    },
  ],
  [
    'Bedrock Converse',
    'bedrock-runtime.us-east-1.amazonaws.com',
    '/model/amazon.nova-pro-v1:0/converse',
    {
      messages: [{ role: 'user', content: [] }],
      toolConfig: {
        tools: [
          { toolSpec: { name: 'f' } },
          { systemTool: { name: 'nova_grounding' } },
          { cachePoint: { type: 'default' } },
        ],
      },
    },
    {
      api: 'bedrock-converse',
      provider: 'bedrock',
      name: 'amazon.nova-pro-v1:0',
      tools: ['f'],
      serverTools: ['nova_grounding'],
    },
  ],
  [
    'Azure OpenAI',
    'res.openai.azure.com',
    '/openai/deployments/My-GPT/chat/completions?api-version=1',
    { messages: user },
    { api: 'openai-chat', provider: 'azure', name: 'My-GPT' },
  ],
  [
    'a gateway of a company, by the shape of the body',
    'llm.corp.example',
    '/ask',
    { model: 'gpt', messages: user, tools: [{ type: 'mcp', server_label: 'x' }] },
    { api: 'openai-chat', provider: 'openai', name: 'gpt', mcpServers: ['x'] },
  ],
];
