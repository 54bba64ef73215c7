// Hosts that may be named enter; a server on a free port of 127.0.0.1 that has all the conformance suite looks for, stateful (to 2025-11-25) and stateless (2026-07-28), leaves.
import { randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';
import { hostHeaderValidation, NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import {
  classifyInboundRequest,
  createMcpHandler,
  createRequestStateCodec,
  isInitializeRequest,
  McpServer,
} from '@modelcontextprotocol/server';
import { addContent } from './content.mjs';
import { addInputs } from './inputs.mjs';
import { addTools } from './tools.mjs';

const codec = createRequestStateCodec({ key: randomBytes(32) });
const sessions = new Map();

function makeServer() {
  const changing = { listChanged: true };
  const capabilities = {
    tools: changing,
    prompts: changing,
    resources: { subscribe: true, ...changing },
    logging: {},
    completions: {},
  };
  const mcp = new McpServer(
    { name: 'conformance', version: '1.0.0' },
    { capabilities, requestState: { verify: codec.verify } },
  );
  addTools(mcp, {
    notify: stateless.notify,
    cut: ({ sessionId, mcpReq }) => sessions.get(sessionId)?.closeSSEStream(mcpReq.id),
  });
  addInputs(mcp, codec);
  addContent(mcp);
  return mcp;
}

/** The messages of a session's streams, in order, for clients that come back. */
function eventStore() {
  const kept = [];
  return {
    storeEvent: async (stream, message) => `${stream}::${kept.push({ stream, message }) - 1}`,
    replayEventsAfter: async (last, { send }) => {
      const [stream, place] = last.split('::');
      for (const [at, { stream: of, message }] of kept.entries())
        if (of === stream && at > Number(place) && Object.keys(message ?? {}).length > 0)
          await send(`${of}::${at}`, message);
      return stream;
    },
  };
}

async function newSession() {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: eventStore(),
    retryInterval: 500,
    onsessioninitialized: (id) => sessions.set(id, transport),
  });
  transport.onclose = () => sessions.delete(transport.sessionId);
  await makeServer().connect(transport);
  return transport;
}

const stateless = createMcpHandler(makeServer);
const answerStateless = toNodeHandler(stateless);
const isNamed = hostHeaderValidation(['127.0.0.1', 'localhost', ...process.argv.slice(2)]);

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  try {
    return JSON.parse(Buffer.concat(parts).toString());
  } catch {
    return undefined;
  }
}

async function serve(request, response) {
  if (!isNamed(request, response)) return;
  const refuse = (status, code, message) =>
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } }));
  const { 'mcp-session-id': id, 'mcp-protocol-version': version, 'mcp-method': method } = request.headers;
  const body = request.method === 'POST' ? await bodyOf(request) : undefined;
  if (request.method === 'POST') {
    if (body === undefined) return refuse(400, -32700, 'Parse error');
    const sent = { httpMethod: 'POST', protocolVersionHeader: version, mcpMethodHeader: method, body };
    if (classifyInboundRequest(sent).kind !== 'legacy') return answerStateless(request, response, body);
  }
  const known = sessions.get(id);
  if (known !== undefined) return known.handleRequest(request, response, body);
  if (id !== undefined) return refuse(404, -32001, 'Session not found');
  if (!isInitializeRequest(body)) return refuse(400, -32000, 'Bad Request: Session ID required');
  return (await newSession()).handleRequest(request, response, body);
}

const server = http.createServer((request, response) => {
  serve(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`port ${server.address().port}`));
