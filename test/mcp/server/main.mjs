// Hosts that may be named enter; a server on a free port of 127.0.0.1 that has all the conformance suite looks for, stateful (to 2025-11-25) and stateless (2026-07-28), leaves.
import http from 'node:http';
import { hostHeaderValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { classifyInboundRequest, createMcpHandler } from '@modelcontextprotocol/server';
import { makeServer } from './make-server.mjs';
import { bodyOf, serveSession, sessions } from './sessions.mjs';

const stateless = createMcpHandler(() => make());
const make = () =>
  makeServer({
    notify: stateless.notify,
    cut: ({ sessionId, mcpReq }) => sessions.get(sessionId)?.closeSSEStream(mcpReq.id),
  });
const answerStateless = toNodeHandler(stateless);
const isNamed = hostHeaderValidation(['127.0.0.1', 'localhost', ...process.argv.slice(2)]);

function isStateless({ method: httpMethod, headers }, body) {
  const sent = {
    httpMethod,
    protocolVersionHeader: headers['mcp-protocol-version'],
    mcpMethodHeader: headers['mcp-method'],
    body,
  };
  return httpMethod === 'POST' && body !== undefined && classifyInboundRequest(sent).kind !== 'legacy';
}

async function serve(request, response) {
  if (!isNamed(request, response)) return;
  const body = request.method === 'POST' ? await bodyOf(request) : undefined;
  if (isStateless(request, body)) return answerStateless(request, response, body);
  return serveSession(request, response, body, (transport) => make().connect(transport));
}

const server = http.createServer((request, response) => {
  serve(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
