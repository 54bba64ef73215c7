// A server and what changes its lists enter; tools by the names that the conformance suite calls are on it, those that ask the client for something apart.
import { setTimeout } from 'node:timers/promises';
import { fromJsonSchema } from '@modelcontextprotocol/server';

export const IMAGE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const AUDIO = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';
const embedded = { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource.' };

export const text = (words) => ({ type: 'text', text: words });
export const schema = (properties = {}, more = {}) => fromJsonSchema({ type: 'object', properties, ...more });

/** Every keyword of it must arrive. */
const JSON_SCHEMA_2020_12 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

/** `notify` publishes a change of a list; `cut` ends the stream of the request that is being answered. */
export function addTools(mcp, { notify, cut }) {
  const tool = (name, answer, inputSchema = schema()) =>
    mcp.registerTool(name, { description: `What the scenarios of ${name} call.`, inputSchema }, answer);
  const saying = (name, ...content) => tool(name, async () => ({ content }));
  const image = { type: 'image', data: IMAGE, mimeType: 'image/png' };

  saying('test_simple_text', text('This is a simple text response for testing.'));
  saying('test_image_content', image);
  saying('test_audio_content', { type: 'audio', data: AUDIO, mimeType: 'audio/wav' });
  saying('test_embedded_resource', { type: 'resource', resource: embedded });
  saying('test_multiple_content_types', text('Multiple:'), image, { type: 'resource', resource: embedded });
  saying('test_streaming_elicitation', text('Nothing is asked.'));

  tool('test_error_handling', async () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  tool('test_tool_with_logging', async (_given, { mcpReq }) => {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } });
      await setTimeout(20);
    }
    return { content: [text('Tool with logging executed successfully')] };
  });
  tool('test_logging_tool', async (_given, { mcpReq }) => {
    await mcpReq.log('info', 'only for who asked for it');
    return { content: [text('logged')] };
  });
  tool('test_tool_with_progress', async (_given, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
      const params = { progressToken, progress, total: 100, message: `Completed step ${progress} of 100` };
      await mcpReq.notify({ method: 'notifications/progress', params });
      await setTimeout(20);
    }
    return { content: [text(String(progressToken))] };
  });
  tool('test_reconnection', async (_given, context) => {
    cut(context);
    await setTimeout(100);
    return { content: [text('The client came back.')] };
  });
  tool(
    'test_x_mcp_header',
    async ({ region }) => ({ content: [text(`region=${region}`)] }),
    schema({ region: { type: 'string', 'x-mcp-header': 'Region' }, level: { type: 'integer' } }),
  );
  const address = { $ref: '#/$defs/address' };
  const [name, phone, email] = [{ type: 'string' }, { type: 'string' }, { type: 'string' }];
  tool(
    'json_schema_2020_12_tool',
    async (given) => ({ content: [text(JSON.stringify(given))] }),
    schema(
      { name, address, contactMethod: { type: 'string', enum: ['phone', 'email'] }, phone, email },
      JSON_SCHEMA_2020_12,
    ),
  );
  tool('test_trigger_tool_change', async () => {
    notify.toolsChanged();
    return { content: [text('published')] };
  });
  tool('test_trigger_prompt_change', async () => {
    notify.promptsChanged();
    return { content: [text('published')] };
  });
}
