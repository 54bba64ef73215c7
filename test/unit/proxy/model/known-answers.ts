// Answers of each known API, and what they say of themselves.
import { Buffer } from 'node:buffer';
import { amazonMessage } from './amazon-message.ts';

const events = (...all: readonly object[]): string =>
  all.map((data) => `event: ${'type' in data ? String(data.type) : 'x'}\ndata: ${JSON.stringify(data)}\n\n`).join('');

export interface Known {
  readonly type: string;
  readonly body: string | Buffer;
  readonly name?: string;
  readonly calls?: readonly string[];
  readonly stopReason?: string;
  readonly tokens?: readonly [number | undefined, number | undefined, number | undefined];
}

export const SSE = 'text/event-stream; charset=utf-8';
export const JSON_TYPE = 'application/json';

export const ANSWERS: Readonly<Record<string, Known>> = {
  'Anthropic, streamed': {
    type: SSE,
    body: events(
      {
        type: 'message_start',
        message: {
          model: 'claude-x',
          content: [],
          stop_reason: null,
          usage: { input_tokens: 10, cache_read_input_tokens: 7, output_tokens: 1 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      {
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'text_delta', text: '{"type":"tool_use","name":"fake"}' },
      },
      { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 't', name: 'Bash', input: {} } },
      {
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'mcp_tool_use', name: 'search', server_name: 'docs' },
      },
      { type: 'content_block_start', index: 3, content_block: { type: 'server_tool_use', name: 'web_search' } },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 42 } },
      { type: 'message_stop' },
    ),
    name: 'claude-x',
    calls: ['Bash', 'docs/search', 'web_search'],
    stopReason: 'tool_use',
    tokens: [10, 7, 42],
  },
  'Anthropic, whole': {
    type: JSON_TYPE,
    body: JSON.stringify({
      type: 'message',
      model: 'claude-x',
      content: [{ type: 'tool_use', name: 'Bash', input: { name: 'no' } }],
      stop_reason: 'tool_use',
      usage: { input_tokens: 3, output_tokens: 4 },
    }),
    name: 'claude-x',
    calls: ['Bash'],
    stopReason: 'tool_use',
    tokens: [3, undefined, 4],
  },
  'Anthropic, overloaded in the midst': {
    type: SSE,
    body: events(
      { type: 'message_start', message: { model: 'claude-x' } },
      { type: 'error', error: { type: 'overloaded_error', message: 'm' } },
    ),
    name: 'claude-x',
    stopReason: 'overloaded_error',
  },
  'OpenAI chat, streamed': {
    type: SSE,
    body: `: comment\n\n${events(
      {
        model: 'gpt-x',
        choices: [
          {
            delta: {
              role: 'assistant',
              tool_calls: [{ index: 0, id: 'c', function: { name: 'read', arguments: '' } }],
            },
            finish_reason: null,
          },
        ],
      },
      {
        model: 'gpt-x',
        choices: [
          { delta: { tool_calls: [{ index: 0, function: { arguments: '{"name":"no"}' } }] }, finish_reason: null },
        ],
      },
      { model: 'gpt-x', choices: [{ delta: {}, finish_reason: 'tool_calls' }] },
      {
        model: 'gpt-x',
        choices: [],
        usage: { prompt_tokens: 5, completion_tokens: 6, prompt_tokens_details: { cached_tokens: 4 } },
      },
    )}data: [DONE]\n\n`,
    name: 'gpt-x',
    calls: ['read'],
    stopReason: 'tool_calls',
    tokens: [5, 4, 6],
  },
  'OpenAI chat, whole': {
    type: JSON_TYPE,
    body: JSON.stringify({
      model: 'gpt-x',
      choices: [
        {
          message: { tool_calls: [{ function: { name: 'a', arguments: '{}' } }], function_call: { name: 'b' } },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 5, completion_tokens: 6 },
    }),
    name: 'gpt-x',
    calls: ['a', 'b'],
    stopReason: 'stop',
    tokens: [5, undefined, 6],
  },
  'OpenAI Responses, streamed': {
    type: SSE,
    body: events(
      { type: 'response.created', response: { object: 'response', model: 'gpt-y', status: 'in_progress', output: [] } },
      {
        type: 'response.output_item.done',
        item: { type: 'function_call', name: 'exec_command', call_id: 'c', arguments: '{}' },
      },
      { type: 'response.output_item.done', item: { type: 'mcp_call', name: 'fetch', server_label: 'docs' } },
      { type: 'response.output_item.done', item: { type: 'web_search_call', status: 'completed' } },
      {
        type: 'response.completed',
        response: {
          object: 'response',
          model: 'gpt-y',
          status: 'completed',
          output: [{ type: 'function_call', name: 'exec_command' }],
          usage: { input_tokens: 9, input_tokens_details: { cached_tokens: 8 }, output_tokens: 7 },
        },
      },
    ),
    name: 'gpt-y',
    calls: ['exec_command', 'docs/fetch', 'web_search'],
    stopReason: 'completed',
    tokens: [9, 8, 7],
  },
  'Gemini, streamed': {
    type: SSE,
    body: events(
      { candidates: [{ content: { parts: [{ text: 'x' }] } }], modelVersion: 'gemini-z' },
      {
        candidates: [
          { content: { parts: [{ functionCall: { name: 'f', args: { name: 'no' } } }] }, finishReason: 'STOP' },
        ],
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, cachedContentTokenCount: 0 },
      },
    ),
    name: 'gemini-z',
    calls: ['f'],
    stopReason: 'STOP',
    tokens: [1, 0, 2],
  },
  'Gemini, streamed as a list': {
    type: JSON_TYPE,
    body: JSON.stringify([
      { candidates: [{ content: { parts: [{ functionCall: { name: 'f' } }] } }] },
      { usageMetadata: { promptTokenCount: 1 }, modelVersion: 'gemini-z' },
    ]),
    name: 'gemini-z',
    calls: ['f'],
    tokens: [1, undefined, undefined],
  },
  'Gemini with a Google login': {
    type: SSE,
    body: events({
      response: { candidates: [{ content: { parts: [{ functionCall: { name: 'f' } }] } }], modelVersion: 'gemini-z' },
    }),
    name: 'gemini-z',
    calls: ['f'],
  },
  Ollama: {
    type: 'application/x-ndjson',
    body: '{"model":"llama","message":{"content":"x"},"done":false}\n{"model":"llama","message":{"tool_calls":[{"function":{"name":"f","arguments":{"name":"no"}}}]},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":2}\n',
    name: 'llama',
    calls: ['f'],
    stopReason: 'stop',
    tokens: [3, undefined, 2],
  },
  'Bedrock, streamed': {
    type: 'application/vnd.amazon.eventstream',
    body: Buffer.concat(
      [
        { type: 'message_start', message: { model: 'claude-x', usage: { input_tokens: 11 } } },
        { type: 'content_block_start', content_block: { type: 'tool_use', name: 'Bash' } },
      ].map((event) => amazonMessage({ bytes: Buffer.from(JSON.stringify(event)).toString('base64') })),
    ),
    name: 'claude-x',
    calls: ['Bash'],
    tokens: [11, undefined, undefined],
  },
  'Bedrock Converse, streamed': {
    type: 'application/vnd.amazon.eventstream',
    body: Buffer.concat([
      amazonMessage({ start: { toolUse: { name: 'f' } } }),
      amazonMessage({ stopReason: 'tool_use' }),
      amazonMessage({ usage: { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3 } }),
    ]),
    calls: ['f'],
    stopReason: 'tool_use',
    tokens: [1, 3, 2],
  },
};
