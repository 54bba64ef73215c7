// A policy enters; a proxy between a client and a server that reads each message of its WebSockets with JSON.parse, and what it obeyed, leave.
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import net from 'node:net';
import { afterEach } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type McpSite, mcpSite, SERVER, type SiteOptions } from './proxy-mcp-site.ts';
import { encode, type Frame } from './websocket-frames.ts';

/** [method, name of a tool, arguments] of what the server would do. */
export type Obeyed = readonly [string, string | null, unknown];

export interface SocketSite extends McpSite {
  readonly obeyed: Obeyed[];
  /** Every message that reached the server, as it came; of binary ones in Latin-1, behind `binary `. */
  readonly heard: string[];
  /** The server's sockets, in the order in which they were opened. */
  readonly served: WebSocket[];
  /** A client of `ws`, open. */
  connect(options?: ConnectOptions): Promise<Client>;
  /** Sends these bytes behind its handshake. @returns what comes back behind that of the server, when all is over */
  converse(frames: readonly (Frame | Buffer)[], options?: RawOptions): Promise<Conversed>;
}

export interface ConnectOptions {
  readonly protocols?: readonly string[];
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RawOptions extends Pick<ConnectOptions, 'path'> {
  /** Lines of the handshake in place of the usual ones but for the host, or beside them. */
  readonly lines?: readonly string[];
  readonly more?: readonly string[];
  readonly method?: string;
  /** Bytes of each write; all in one when absent. */
  readonly pieces?: number;
  /** The client waits for the answer to its handshake and ends its side then: nothing else would end it. */
  readonly ends?: boolean;
}

export interface Conversed {
  readonly head: string;
  readonly bytes: Buffer;
}

export interface Client {
  readonly socket: WebSocket;
  send(message: object | string | Buffer): void;
  /** The next message that it gets, as JSON. */
  answer(): Promise<Record<string, unknown>>;
  /** The code with which it was closed. */
  readonly closed: Promise<number>;
}

export const rpc = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });

export const USUAL: readonly string[] = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

export interface SocketSiteOptions extends SiteOptions {
  /** What the server does with a new connection, besides. */
  readonly welcome?: (socket: WebSocket) => void;
  readonly isCompressing?: boolean;
  /** Subprotocols that it chooses from, in its order. */
  readonly chooses?: readonly string[];
}

function answerTo(id: unknown, method: unknown): string {
  const tools = ['add', 'read', 'remove'].map((name) => ({ name, inputSchema: { type: 'object' } }));
  const greeting = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'obeys', version: '1' } };
  const result = method === 'initialize' ? greeting : method === 'tools/list' ? { tools } : { content: [] };
  return rpc({ id, result });
}

function obeying(socket: WebSocket, heard: string[], obeyed: Obeyed[]): void {
  const obey = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('method' in message)) return;
    const { id, method, params } = message as { id?: unknown; method: string; params?: Record<string, unknown> };
    obeyed.push([method, (params?.['name'] as string | undefined) ?? null, params?.['arguments'] ?? null]);
    if (id !== undefined) socket.send(answerTo(id, method));
  };
  socket.on('error', () => {});
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    heard.push(isBinary ? `binary ${data.toString('latin1')}` : data.toString('utf8'));
    try {
      const value = JSON.parse(data.toString('utf8')) as unknown;
      for (const message of Array.isArray(value) ? value : [value]) obey(message);
    } catch {
      // Servers skip what is no JSON.
    }
  });
}

export async function socketSite(policy: string, options: SocketSiteOptions = {}): Promise<SocketSite> {
  const site = await mcpSite(policy, options);
  const obeyed: Obeyed[] = [];
  const heard: string[] = [];
  const served: WebSocket[] = [];
  const { welcome, isCompressing = false, chooses = ['mcp'] } = options;
  const server = new WebSocketServer({
    server: site.origin as NonNullable<McpSite['origin']>,
    perMessageDeflate: isCompressing ? { threshold: 0 } : false,
    maxPayload: 64 << 20,
    handleProtocols: (offered) => chooses.find((each) => offered.has(each)) ?? false,
  });
  server.on('connection', (socket: WebSocket) => {
    served.push(socket);
    obeying(socket, heard, obeyed);
    welcome?.(socket);
  });
  open.push(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return {
    ...site,
    obeyed,
    heard,
    served,
    connect: ({ protocols = [], path = '/mcp', headers = {} } = {}) =>
      connected(`ws://127.0.0.1:${site.port}${path}`, protocols, headers),
    converse: (frames, raw = {}) => conversed(site.port, frames, raw),
  };
}

async function connected(
  url: string,
  protocols: readonly string[],
  headers: Readonly<Record<string, string>>,
): Promise<Client> {
  const socket = new WebSocket(url, [...protocols], { headers: { host: SERVER, ...headers } });
  open.push(() => socket.terminate());
  const [got, waiting]: [Record<string, unknown>[], (() => void)[]] = [[], []];
  socket.on('message', (data: Buffer) => {
    got.push(JSON.parse(data.toString('utf8')) as Record<string, unknown>);
    waiting.shift()?.();
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  socket.on('error', () => {});
  return {
    socket,
    closed,
    send: (message) => socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : rpc(message)),
    answer: async () => {
      if (got.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return got.shift() as Record<string, unknown>;
    },
  };
}

async function conversed(
  port: number,
  frames: readonly (Frame | Buffer)[],
  { path = '/mcp', lines = USUAL, more = [], method = 'GET', pieces, ends = false }: RawOptions,
): Promise<Conversed> {
  const socket = net.connect({ host: '127.0.0.1', port });
  open.push(() => socket.destroy());
  let received = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${SERVER}`, ...lines, ...more];
  const bytes = Buffer.concat(frames.map((frame) => (Buffer.isBuffer(frame) ? frame : encode(frame))));
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const step = pieces ?? bytes.length;
  for (let at = 0; at < bytes.length && !socket.destroyed; at += step) {
    socket.write(bytes.subarray(at, at + step));
    if (pieces !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
  while (ends && !received.includes('\r\n\r\n') && !socket.destroyed)
    await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
  if (ends) socket.end();
  await closed;
  const end = received.indexOf('\r\n\r\n');
  return { head: received.toString('latin1', 0, end), bytes: received.subarray(end + 4) };
}
