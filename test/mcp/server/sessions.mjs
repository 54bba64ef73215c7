// The sessions of servers over streamable HTTP enter by what a new one speaks to; each with the streams that a client can come back to leaves.
import { randomUUID } from 'node:crypto';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { isInitializeRequest } from '@modelcontextprotocol/server';

/** By their ids. */
export const sessions = new Map();

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

/** @param connect is given the transport of the session */
async function newSession(connect) {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: eventStore(),
    retryInterval: 500,
    onsessioninitialized: (id) => sessions.set(id, transport),
  });
  await connect(transport);
  return transport;
}

/** What a request that belongs to no session is told. */
function refuse(response, status, code, message) {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } }));
}

/** Undefined where there is none, or it is no JSON. */
export async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  try {
    return JSON.parse(Buffer.concat(parts).toString());
  } catch {
    return undefined;
  }
}

/** Of the stateful protocol. */
export async function serveSession(request, response, body, connect) {
  const { 'mcp-session-id': id } = request.headers;
  if (request.method === 'POST' && body === undefined) return refuse(response, 400, -32700, 'Parse error');
  const known = sessions.get(id);
  if (known !== undefined) return known.handleRequest(request, response, body);
  if (id !== undefined) return refuse(response, 404, -32001, 'Session not found');
  if (!isInitializeRequest(body)) return refuse(response, 400, -32000, 'Bad Request: Session ID required');
  return (await newSession(connect)).handleRequest(request, response, body);
}
