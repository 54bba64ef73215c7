// A connection to a parent proxy and what to say first enter, the same connection leaves once the proxy's whole answer was taken from it.
import type { Buffer } from 'node:buffer';
import type net from 'node:net';
import { ProtocolError } from '../http/head.ts';
import { UpstreamError } from './failure.ts';
import type { ParentProxy } from './parent-proxies.ts';

/** Given what arrived; @returns what lies behind the answer once that is complete. @throws UpstreamError, ProtocolError */
export type Take = (bytes: Buffer) => Buffer | undefined;

/**
 * @param timeout milliseconds for the whole conversation
 * @returns the socket; bytes behind the answer are still to be read
 * @throws UpstreamError that names the proxy: what `take` says, EPROTO, ETIMEDOUT, or ECONNRESET
 */
export function converse(
  socket: net.Socket,
  proxy: ParentProxy,
  timeout: number,
  first: Buffer,
  take: Take,
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      socket.off('readable', read).off('end', closed).off('close', closed);
    };
    const fail = (error: UpstreamError): void => {
      finish();
      socket.destroy();
      reject(error);
    };
    const closed = (): void =>
      fail(new UpstreamError('ECONNRESET', `${proxy} closed the connection without an answer`));
    const read = (): void => {
      try {
        for (let bytes: Buffer | null = socket.read(); bytes !== null; bytes = socket.read()) {
          const rest = take(bytes);
          if (rest === undefined) continue;
          finish();
          if (rest.length > 0) socket.unshift(rest);
          resolve(socket);
          return;
        }
      } catch (error) {
        fail(error instanceof UpstreamError ? error : unreadable(error, proxy));
      }
    };
    const timer = setTimeout(
      () => fail(new UpstreamError('ETIMEDOUT', `${proxy} did not answer in ${timeout} ms`)),
      timeout,
    );
    socket.on('readable', read).once('end', closed).once('close', closed);
    if (socket.destroyed) closed();
    else socket.write(first);
  });
}

function unreadable(error: unknown, proxy: ParentProxy): UpstreamError {
  const why = error instanceof ProtocolError ? error.message : 'it could not be read';
  return new UpstreamError('EPROTO', `${proxy} gave an answer that is none: ${why}`);
}
