// An application and an address, or a folder for a socket, in; it served there, within limits, out.
import http from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { LeashError } from '../../host/errors.ts';
import { objectionTo, type Place, safetyHeaders } from '../guard.ts';
import type { ListenAddress } from '../listen-address.ts';
import { BODY_MAX } from './app.ts';
import { failureOf } from './failure.ts';
import { listenOnSocket } from './local-socket.ts';

const HEADERS_MAX = 16 << 10;
/** All in milliseconds. */
const HEADERS_PATIENCE = 5_000;
const REQUEST_PATIENCE = 15_000;
const IDLE_PATIENCE = 5_000;
const CONNECTIONS_MAX = 1_024;

export interface Serving {
  close(): Promise<void>;
}

function refuse(response: http.ServerResponse, objection: NonNullable<ReturnType<typeof objectionTo>>): void {
  const { status, code, message } = objection;
  const body = `${JSON.stringify({ error: failureOf(new LeashError(code, message)) })}\n`;
  response.writeHead(status, {
    ...safetyHeaders(),
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    // What follows of the body is not read.
    Connection: 'close',
  });
  response.end(body);
}

function createServer(app: Hono, place: Place): http.Server {
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = http.createServer(
    {
      maxHeaderSize: HEADERS_MAX,
      headersTimeout: HEADERS_PATIENCE,
      requestTimeout: REQUEST_PATIENCE,
      keepAliveTimeout: IDLE_PATIENCE,
      connectionsCheckingInterval: 1_000,
      noDelay: true,
    },
    (request, response) => {
      const { method = '', url: target = '', rawHeaders } = request;
      const objection = objectionTo({ method, target, rawHeaders }, place, BODY_MAX);
      if (objection !== undefined) refuse(response, objection);
      else void listener(request, response);
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  // A page speaks WebSocket to whom it likes; nothing here does.
  server.on('upgrade', (_request, socket) => socket.destroy());
  return server;
}

function serving(server: http.Server, done: () => void = () => undefined): Serving {
  server.on('error', () => undefined); // accept(2) without descriptors: the client waits
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          done();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** @throws the system's error: EADDRINUSE, EACCES … */
export async function serve(app: Hono, address: ListenAddress): Promise<Serving> {
  const server = createServer(app, address);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address.host, port: address.port, exclusive: true }, () => resolve());
  });
  server.removeAllListeners('error');
  return serving(server);
}

/**
 * @returns undefined where another hub of the user's serves there
 * @throws Error when the folder is open to others; the system's error
 */
export async function serveOnSocket(app: Hono, stateDir: string): Promise<Serving | undefined> {
  const server = createServer(app, undefined);
  const socket = await listenOnSocket(server, stateDir);
  return socket && serving(server, socket.close);
}
