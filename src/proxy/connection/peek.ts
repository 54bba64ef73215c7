// A socket enters, the protocol of its first bytes leaves; the bytes stay in the socket for whoever reads it next.
import { Buffer } from 'node:buffer';
import type net from 'node:net';
import { classify, type FirstBytes } from './first-bytes.ts';

/** A client that sends its first bytes in more pieces than this only costs us time: each is looked at from the start. */
const MAX_PIECES = 4096;

/** `silent`: nothing decided in time; `ended`: the client closed before it said what it wants. */
export type Peeked = FirstBytes | { readonly kind: 'silent'; readonly received: number } | { readonly kind: 'ended' };

/** @param patience milliseconds to wait. @param signal stops waiting, as `silent`. */
export function peek(socket: net.Socket, patience: number, signal?: AbortSignal): Promise<Peeked> {
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0);
    let pieces = 0;
    const finish = (result: Peeked): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', silent);
      socket.off('readable', read).off('end', ended).off('close', ended);
      if (bytes.length > 0 && !socket.destroyed) socket.unshift(bytes);
      resolve(result);
    };
    const silent = (): void => finish({ kind: 'silent', received: bytes.length });
    const ended = (): void => finish({ kind: 'ended' });
    const read = (): void => {
      for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
        bytes = Buffer.concat([bytes, chunk]);
      }
      pieces += 1;
      const result = pieces > MAX_PIECES ? ({ kind: 'malformed' } as const) : classify(bytes);
      if (result !== 'incomplete') finish(result);
    };
    const timer = setTimeout(silent, patience);
    signal?.addEventListener('abort', silent);
    socket.on('readable', read).once('end', ended).once('close', ended);
    if (socket.destroyed) ended();
    else if (socket.readableLength > 0) read();
  });
}

/** Waits until the server sends its first byte; false when it closes or the signal stops the wait. */
export function speaksFirst(server: net.Socket, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (spoke: boolean): void => {
      signal.removeEventListener('abort', stop);
      server.off('readable', spoke_).off('close', stop);
      resolve(spoke);
    };
    const spoke_ = (): void => {
      if (server.readableLength > 0) finish(true);
      else if (server.readableEnded) finish(false);
    };
    const stop = (): void => finish(false);
    signal.addEventListener('abort', stop);
    server.on('readable', spoke_).once('close', stop);
  });
}

/** Type and stream of the frame that a server may begin with (RFC 9113, section 3.4): SETTINGS, after three bytes of length. */
const SETTINGS_AT = 3;
const SETTINGS = Buffer.from([4, 0, 0, 0, 0, 0]);

/** Whether the first bytes of a server, which stay in the socket, are a response or begin HTTP/2. */
export function isHttpServer(server: net.Socket): boolean {
  const bytes = server.read() as Buffer | null;
  if (bytes === null) return false;
  server.unshift(bytes);
  return (
    bytes.toString('latin1', 0, 5) === 'HTTP/' ||
    bytes.subarray(SETTINGS_AT, SETTINGS_AT + SETTINGS.length).equals(SETTINGS)
  );
}
