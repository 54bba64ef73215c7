// What became of a connection enters, the Event that records it leaves.
import type { Event, Who } from '../../schema/event.ts';
import type { Decision, Peer } from '../options.ts';
import { elapsed, verdictFields } from '../record.ts';
import type { TunnelResult } from './tunnel.ts';

export interface RefusedConnection {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly who: Who | undefined;
}

/** A connection that was reset, and why. */
export function refusedConnection(time: number, connection: RefusedConnection, decision: Decision): Event {
  const { name, address, port, who } = connection;
  return {
    v: 1,
    time,
    ...(who === undefined ? {} : { who }),
    action: 'NetConnect',
    resource: { type: 'host', name },
    detail: { port, protocol: 'tcp', ip: address },
    ...verdictFields(decision),
    error: 'ECONNRESET',
  };
}

/** A permitted connection at its end: relayed without inspection, or failed before anything could be relayed. */
export function endedConnection(
  time: number,
  peer: Peer,
  decision: Decision,
  result: TunnelResult & { readonly message?: string },
): Event {
  return {
    v: 1,
    time,
    who: peer.attribution.who,
    action: 'NetConnect',
    resource: { type: 'host', name: peer.name },
    detail: {
      port: peer.port,
      protocol: 'tcp',
      ip: peer.request.ip,
      bytes_in: result.bytesIn,
      bytes_out: result.bytesOut,
      duration_ms: elapsed(time),
      ...(result.message === undefined ? {} : { message: result.message }),
    },
    ...verdictFields(decision),
    ...(result.error === undefined ? {} : { error: result.error }),
  };
}
