// A host that stands for loopback, and the URL of a server of the conformance suite, enter; the official client of 2026-07-28 does what the scenario wants to see.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const [host, given] = process.argv.slice(2);
const url = new URL(given);
url.hostname = host;
const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_PROTOCOL_VERSION: version } = process.env;
const { toolCalls = [] } = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const clientInfo = { name: 'test-client', version: '1.0.0' };

/** Servers of some scenarios know no `server/discover`: that one is answered here, and all else goes to them. */
async function discovering(input, init) {
  const { method, id } = JSON.parse(init?.body ?? '{}');
  if (method !== 'server/discover') return await fetch(input, init);
  const result = {
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: { listChanged: true }, resources: {}, prompts: {} },
    _meta: { 'io.modelcontextprotocol/serverInfo': clientInfo },
  };
  return Response.json({ jsonrpc: '2.0', id, result });
}

async function connect({ capabilities = {}, isDiscovering = false } = {}) {
  const isStateless = version === '2026-07-28' || isDiscovering;
  const client = new Client(clientInfo, { capabilities, ...(isStateless && { versionNegotiation: { mode: 'auto' } }) });
  if (capabilities.elicitation) {
    const content = isDiscovering ? { confirmed: true } : {};
    client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content }));
  }
  await client.connect(new StreamableHTTPClientTransport(url, isDiscovering ? { fetch: discovering } : {}));
  return client;
}

/** A call that fails may be what a scenario looks for. */
async function call(client, name, args = {}) {
  try {
    await client.callTool({ name, arguments: args });
  } catch (error) {
    console.error(`${name}: ${error}`);
  }
}

async function callFirst(client) {
  const { tools } = await client.listTools();
  await call(client, tools[0].name);
  const { resources } = await client.listResources();
  await client.readResource({ uri: resources[0].uri });
  const { prompts } = await client.listPrompts();
  await client.getPrompt({ name: prompts[0].name, arguments: {} });
}

async function callInTurn(client) {
  await client.listTools();
  for (const { name, arguments: args } of toolCalls) await call(client, name, args);
}

async function callAll(client) {
  const { tools } = await client.listTools();
  for (const { name } of tools) await call(client, name, { region: 'us-west1' });
}

async function echoSchema(client) {
  const { tools } = await client.listTools();
  const { inputSchema } = tools.find(({ name }) => name === 'json_schema_2020_12_tool');
  await call(client, 'json_schema_echo', { schema: inputSchema });
}

async function listOnly(client) {
  await client.listTools();
}

const calling =
  (...calls) =>
  async (client) => {
    await client.listTools();
    for (const [name, args] of calls) await call(client, name, args);
  };

const isDiscovering = true;
const SCENARIOS = {
  initialize: [listOnly],
  tools_call: [calling(['add_numbers', { a: 5, b: 3 }])],
  'elicitation-sep1034-client-defaults': [
    calling(['test_client_elicitation_defaults']),
    { capabilities: { elicitation: { form: { applyDefaults: true } } } },
  ],
  'sse-retry': [calling(['test_reconnection'])],
  'request-metadata': [
    async () => {},
    { capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} } },
  ],
  'sep-2322-client-request-state': [
    calling(['test_mrtr_echo_state'], ['test_mrtr_no_state'], ['test_mrtr_unrelated'], ['test_mrtr_no_result_type']),
    { capabilities: { elicitation: {} }, isDiscovering },
  ],
  'http-standard-headers': [callFirst, { isDiscovering }],
  'http-custom-headers': [callInTurn, { isDiscovering }],
  'http-invalid-tool-headers': [callAll, { isDiscovering }],
  'json-schema-ref-no-deref': [listOnly],
  'json-schema-2020-12-preservation': [echoSchema],
};

const [act, options] = SCENARIOS[scenario];
const client = await connect(options);
await act(client);
await client.close();
process.exit(0);
