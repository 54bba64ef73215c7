// Two connected sockets enter, bytes pass both ways untouched until both sides ended; what passed is counted.
import type net from 'node:net';

export interface TunnelResult {
  /** Bytes to and from the agent. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** errno name of the failure that ended it, if one did. */
  readonly error: string | undefined;
  /** Datagrams that found no room, or no way. */
  readonly dropped?: number;
}

/** A half-closed connection is relayed as half-closed; back-pressure is that of `pipe`. */
export function tunnel(client: net.Socket, upstream: net.Socket): Promise<TunnelResult> {
  return new Promise((resolve) => {
    let error: string | undefined;
    let open = 2;
    const closed = (other: net.Socket): void => {
      // Whatever is still queued toward the side that lives is delivered; nothing more can come back.
      if (!other.destroyed) other.destroySoon();
      open -= 1;
      if (open === 0) resolve({ bytesIn: upstream.bytesRead, bytesOut: client.bytesRead, error });
    };
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', (cause) => {
        error ??= 'code' in cause ? String(cause.code) : 'EIO';
      });
      if (one.closed) closed(other);
      else one.once('close', () => closed(other));
    }
    client.pipe(upstream);
    upstream.pipe(client);
  });
}
