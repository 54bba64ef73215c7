// Servers and steps enter as JSON, in the first argument; each step is done with the official SDK's client, and a line of JSON says what came of it.
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { WebSocketClientTransport } from '@modelcontextprotocol/sdk/client/websocket.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { WebSocket } from 'ws';

// Node has one of its own from 22 on.
globalThis.WebSocket ??= WebSocket;

const { servers, steps } = JSON.parse(process.argv[2] ?? '{}');
/** Methods that servers asked for. */
const asked = [];
const closed = [];

function transportOf({ http, sse, webSocket, command, args, env = {} }) {
  if (http !== undefined) return new StreamableHTTPClientTransport(new URL(http));
  if (sse !== undefined) return new SSEClientTransport(new URL(sse));
  if (webSocket !== undefined) return new WebSocketClientTransport(new URL(webSocket));
  return new StdioClientTransport({ command, args, env: { ...process.env, ...env }, stderr: 'ignore' });
}

async function connect(server) {
  const capabilities = { sampling: {}, elicitation: {}, roots: { listChanged: true } };
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities });
  const answer = (schema, made) =>
    client.setRequestHandler(schema, async ({ method }) => {
      asked.push(method);
      return made;
    });
  answer(ListRootsRequestSchema, { roots: [{ uri: pathToFileURL(process.cwd()).href, name: 'workspace' }] });
  answer(ElicitRequestSchema, { action: 'accept', content: { name: 'A person', check: true } });
  answer(CreateMessageRequestSchema, { role: 'assistant', model: 'm', content: { type: 'text', text: 'sampled' } });
  await client.connect(transportOf(server));
  closed.push(() => client.close());
  return client;
}

const clients = {};
const LISTS = {
  tools: async (client) => (await client.listTools()).tools.map(({ name }) => name),
  prompts: async (client) => (await client.listPrompts()).prompts.map(({ name }) => name),
  resources: async (client) => (await client.listResources()).resources.map(({ uri }) => uri),
};

/** Progress is counted; `abortAfter` so many, the call is cancelled. `patience` is in milliseconds. */
async function call(client, { call: name, args = {}, abortAfter, patience = 120_000 }) {
  const control = new AbortController();
  const progress = [];
  const onprogress = ({ progress: at }) => {
    if (progress.push(at) === abortAfter) control.abort('not wanted any more');
  };
  const options = { onprogress, signal: control.signal, timeout: patience };
  try {
    const { content, isError } = await client.callTool({ name, arguments: args }, undefined, options);
    return { text: content.map((part) => part.text ?? part.type).join('\n'), ...(isError && { isError }), progress };
  } catch (error) {
    throw Object.assign(error, { progress });
  }
}

async function perform(step) {
  if (step.shell !== undefined) {
    return { text: execFileSync('sh', ['-c', step.shell], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }) };
  }
  const name = step.on ?? Object.keys(servers)[0];
  clients[name] ??= await connect(servers[name]);
  const client = clients[name];
  if (step.list !== undefined) return { names: await LISTS[step.list](client) };
  if (step.read !== undefined) return { text: JSON.stringify(await client.readResource({ uri: step.read })) };
  if (step.prompt !== undefined) {
    return { text: JSON.stringify(await client.getPrompt({ name: step.prompt, arguments: step.args ?? {} })) };
  }
  return await call(client, step);
}

for (const step of steps) {
  const said = await perform(step).catch(({ code, message, data, progress }) => ({
    error: { code, message, data },
    ...(progress && { progress }),
  }));
  console.log(JSON.stringify({ ...said, asked: asked.splice(0) }));
}
for (const close of closed) await close();
process.exit(0);
