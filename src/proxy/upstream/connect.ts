// Vetted addresses enter, the first TCP connection that comes about leaves (RFC 8305, "Happy Eyeballs").
import net from 'node:net';
import type { ResolvedAddress } from '../options.ts';
import { connectFailure, UpstreamError } from './failure.ts';

/** Milliseconds until the next address is tried beside those still trying (RFC 8305, section 5). */
const ATTEMPT_DELAY = 250;
/** A name with more addresses than this is as good with these. */
const MAX_ATTEMPTS = 8;

/** The families take turns, beginning with the first address's (RFC 8305, section 4); the resolver has sorted each (RFC 6724). */
export function inTurns(addresses: readonly ResolvedAddress[]): readonly ResolvedAddress[] {
  const firstFamily = addresses[0]?.family;
  const preferred = addresses.filter(({ family }) => family === firstFamily);
  const others = addresses.filter(({ family }) => family !== firstFamily);
  return preferred
    .flatMap((address, at) => [address, ...others.slice(at, at + 1)])
    .concat(others.slice(preferred.length));
}

/**
 * Connects to whichever address answers first.
 * @param place `name:port`, for messages
 * @param timeout milliseconds for all attempts together
 * @throws UpstreamError with the errno of the first attempt that failed, or ETIMEDOUT
 */
export function connectTo(
  addresses: readonly ResolvedAddress[],
  port: number,
  place: string,
  timeout: number,
): Promise<net.Socket> {
  const waiting = inTurns(addresses).slice(0, MAX_ATTEMPTS);
  return new Promise((resolve, reject) => {
    const trying = new Set<net.Socket>();
    let failure: UpstreamError | undefined;
    let next: NodeJS.Timeout | undefined;
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
      clearTimeout(next);
      clearTimeout(limit);
      for (const socket of trying) socket.destroy();
    };
    const attempt = (): void => {
      if (isSettled) return;
      clearTimeout(next);
      const address = waiting.shift();
      if (address === undefined) {
        if (trying.size > 0) return;
        settle();
        reject(failure ?? connectFailure('ENOTFOUND', place));
        return;
      }
      const socket = net.connect({ host: address.address, port, noDelay: true, allowHalfOpen: true });
      trying.add(socket);
      // Stays for the socket's life: a reset may come while nobody else listens yet, and would end the process.
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (!trying.delete(socket)) return;
        failure ??= connectFailure(error.code ?? 'EIO', place);
        attempt();
      });
      socket.once('connect', () => {
        trying.delete(socket);
        settle();
        resolve(socket);
      });
      next = setTimeout(attempt, ATTEMPT_DELAY);
    };
    const limit = setTimeout(() => {
      settle();
      reject(new UpstreamError('ETIMEDOUT', `${place} did not answer in ${timeout} ms`));
    }, timeout);
    attempt();
  });
}
