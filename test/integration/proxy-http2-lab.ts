// HTTP/2 on both sides of the proxy's laboratory: origins and clients of node:http2, and what they said to each other.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import http2, {
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { type Frame, FrameReader, PREFACE, settings } from '../fixtures/http2-frames.ts';
import type { Lab } from './proxy-lab.ts';

export type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/** An HTTP/2 origin with a certificate for `name`; closed with the lab. */
export async function http2Origin(
  lab: Lab,
  name: string,
  onStream: OnStream,
  options: http2.SecureServerOptions = {},
): Promise<http2.Http2SecureServer> {
  const server = http2.createSecureServer({
    SNICallback: (_name, done) => done(null, lab.originCa.contextFor(name)),
    ...options,
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    onStream(stream, headers);
  });
  server.on('sessionError', () => {});
  return await lab.upstream(server as http2.Http2SecureServer & net.Server, name, 443);
}

/** As `http2Origin`, in cleartext with prior knowledge. */
export async function http2ClearOrigin(lab: Lab, name: string, onStream: OnStream): Promise<void> {
  const server = http2.createServer();
  server.on('stream', onStream);
  server.on('sessionError', () => {});
  await lab.upstream(server as http2.Http2Server & net.Server, name, 80);
}

/** A TLS connection to the proxy that offers the given protocols. */
export function dial(lab: Lab, port: number, name: string, protocols: readonly string[] = ['h2']): tls.TLSSocket {
  const socket = tls.connect({
    host: '127.0.0.1',
    port,
    servername: name,
    ca: lab.sessionCa.certificatePem,
    ALPNProtocols: [...protocols],
  });
  socket.on('error', () => {});
  return socket;
}

/** An HTTP/2 client of the proxy. */
export function connect(
  lab: Lab,
  port: number,
  name: string,
  options: http2.ClientSessionOptions = {},
): ClientHttp2Session {
  const session = http2.connect(`https://${name}`, { createConnection: () => dial(lab, port, name), ...options });
  session.on('error', () => {});
  return session;
}

/** A client in cleartext with prior knowledge. */
export function connectClear(port: number, name: string): ClientHttp2Session {
  const session = http2.connect(`http://${name}`, { createConnection: () => net.connect({ host: '127.0.0.1', port }) });
  session.on('error', () => {});
  return session;
}

/** A connection to the proxy that speaks in single frames. */
export interface FrameClient {
  readonly socket: tls.TLSSocket;
  readonly frames: readonly Frame[];
  readonly closed: Promise<unknown>;
}

/** @param pairs the client's SETTINGS. */
export async function speakFrames(
  lab: Lab,
  name: string,
  pairs: readonly (readonly [id: number, value: number])[] = [],
): Promise<FrameClient> {
  const socket = dial(lab, await lab.dialledName(name, 443), name);
  const reader = new FrameReader();
  socket.on('data', (bytes) => reader.push(bytes));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  socket.write(Buffer.concat([PREFACE, settings(pairs)]));
  return { socket, frames: reader.frames, closed };
}

/** The test's own time-out is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** All that a request was answered. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly interim: readonly number[];
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, unknown>>;
  /** Code of the reset that ended it, 0 when none did. */
  readonly code: number;
}

export interface Asked {
  readonly body?: Buffer | string | readonly (Buffer | string)[];
  readonly trailers?: OutgoingHttpHeaders;
}

/** Asks, and waits until the stream is over. */
export async function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  { body, trailers }: Asked = {},
): Promise<Answer> {
  const hasBody = body !== undefined || trailers !== undefined;
  const stream = session.request(headers, { endStream: !hasBody, waitForTrailers: trailers !== undefined });
  const interim: number[] = [];
  const parts: Buffer[] = [];
  let answered: Record<string, unknown> = {};
  let ending: Record<string, unknown> = {};
  stream.on('headers', (more) => interim.push(Number(more[':status'])));
  stream.on('response', (received) => {
    answered = { ...received };
  });
  stream.on('trailers', (received) => {
    ending = { ...received };
  });
  stream.on('data', (chunk: Buffer) => parts.push(chunk));
  stream.on('error', () => {});
  stream.on('wantTrailers', () => stream.sendTrailers(trailers ?? {}));
  if (hasBody) {
    for (const part of Array.isArray(body) ? body : [body ?? '']) stream.write(part);
    stream.end();
  }
  await new Promise((resolve) => stream.once('close', resolve));
  const status = answered[':status'] === undefined ? undefined : Number(answered[':status']);
  return { status, headers: answered, interim, body: Buffer.concat(parts), trailers: ending, code: stream.rstCode };
}

/** Answers with what was asked, size and hash of the body, and its trailers. */
export function echo(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const hash = createHash('sha256');
  let size = 0;
  let trailers: Record<string, unknown> = {};
  stream.on('trailers', (received) => {
    trailers = { ...received };
  });
  stream.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    size += chunk.length;
  });
  stream.on('end', () => {
    if (stream.destroyed) return;
    stream.respond({ ':status': 200, 'content-type': 'application/json', 'alt-svc': 'h3=":443"' });
    stream.end(JSON.stringify({ headers: { ...headers }, trailers, size, hash: hash.digest('hex') }));
  });
}
