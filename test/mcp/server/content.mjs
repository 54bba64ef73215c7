// A server enters; the resources, prompts, log levels and completions that the conformance suite looks for are on it.
import { acceptedContent, fromJsonSchema, inputRequired, ResourceTemplate } from '@modelcontextprotocol/server';
import { IMAGE, text } from './tools.mjs';

const said = (...contents) => ({ messages: contents.map((content) => ({ role: 'user', content })) });
const strings = (...names) =>
  fromJsonSchema({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    required: names,
  });

export function addContent(mcp) {
  const resource = (name, content) => {
    const uri = `test://${name}`;
    const mimeType = 'blob' in content ? 'image/png' : 'text/plain';
    mcp.registerResource(name, uri, { mimeType }, async () => ({ contents: [{ uri, mimeType, ...content }] }));
  };
  resource('static-text', { text: 'This is the content of the static text resource.' });
  resource('static-binary', { blob: IMAGE });
  resource('watched-resource', { text: 'Watched resource content' });
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  mcp.registerResource('template', template, { mimeType: 'application/json' }, async (uri, { id }) => ({
    contents: [{ uri: String(uri), mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true }) }],
  }));
  mcp.server.setRequestHandler('resources/subscribe', async () => ({}));
  mcp.server.setRequestHandler('resources/unsubscribe', async () => ({}));
  mcp.server.setRequestHandler('logging/setLevel', async () => ({}));
  mcp.server.setRequestHandler('completion/complete', async () => ({
    completion: { values: [], total: 0, hasMore: false },
  }));

  const prompt = (name, answer, argsSchema) =>
    mcp.registerPrompt(
      name,
      { description: `What the scenarios of ${name} get.`, ...(argsSchema && { argsSchema }) },
      answer,
    );
  prompt('test_simple_prompt', async () => said(text('This is a simple prompt for testing.')));
  prompt('test_prompt_with_image', async () =>
    said({ type: 'image', data: IMAGE, mimeType: 'image/png' }, text('Please analyze the image above.')),
  );
  prompt(
    'test_prompt_with_arguments',
    async ({ arg1, arg2 }) => said(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
    strings('arg1', 'arg2'),
  );
  prompt(
    'test_prompt_with_embedded_resource',
    async ({ resourceUri: uri }) =>
      said(
        { type: 'resource', resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content.' } },
        text('Please process the embedded resource above.'),
      ),
    strings('resourceUri'),
  );
  prompt('test_input_required_result_prompt', async (context) => {
    const given = acceptedContent(context.mcpReq.inputResponses, 'user_context')?.context;
    if (typeof given === 'string') return said(text(`Use the following context: ${given}`));
    const requestedSchema = {
      type: 'object',
      properties: { context: { type: 'string' } },
      required: ['context'],
    };
    const user_context = inputRequired.elicit({ message: 'What context should the prompt use?', requestedSchema });
    return inputRequired({ inputRequests: { user_context } });
  });
}
