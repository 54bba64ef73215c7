// A session's folder and its open questions in; a socket there that only the session's user can reach out, where words come in.
import fs from 'node:fs';
import http from 'node:http';
import type { Approver } from '../schema/approval.ts';
import type { PolicyDesk } from '../schema/policy-desk.ts';
import { type ApiReply, answer, BODY_MAX, POLICY_BODY_MAX, type Served } from './routes.ts';
import { socketPath } from './socket-path.ts';

const CONNECTIONS_MAX = 16;
const HEADERS_MAX = 4_096;
/** Milliseconds for a whole request. */
const PATIENCE = 5_000;

/** Undefined: it is too long. */
async function bodyOf(request: http.IncomingMessage, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function replyTo(request: http.IncomingMessage, served: Served): Promise<ApiReply> {
  const most = request.method === 'PUT' ? POLICY_BODY_MAX : BODY_MAX;
  const body = await bodyOf(request, most);
  if (body === undefined) return { status: 413, body: { error: `the body has more than ${most} bytes` } };
  const { method = '', url: path = '', headers } = request;
  return answer({ method, path, headers, body }, served);
}

function send(response: http.ServerResponse, { status, body }: ApiReply): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(text);
}

/** Serves until closed. `dir` belongs to the user and is open to nobody else. */
export async function openDoor(dir: string, approver: Approver, desk: PolicyDesk): Promise<{ close(): Promise<void> }> {
  const socket = socketPath(dir);
  const server = http.createServer(
    { maxHeaderSize: HEADERS_MAX, headersTimeout: PATIENCE, requestTimeout: PATIENCE },
    (request, response) => {
      replyTo(request, { approver, desk }).then(
        (reply) => send(response, reply),
        () => response.destroy(),
      );
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  try {
    if ((fs.statSync(dir).mode & 0o077) !== 0) throw new Error(`${dir} is open to others`);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket.path, resolve);
    });
    fs.chmodSync(socket.path, 0o600);
  } catch (error) {
    server.close();
    socket.close();
    throw error;
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          socket.close();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
