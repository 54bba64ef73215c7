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
  readonly protocol?: 'tcp' | 'udp';
}

/** How a connection ended that was not judged request by request. */
export interface Ended extends TunnelResult {
  readonly message?: string;
  readonly detail?: Readonly<Record<string, string>>;
}

/**
 * A connection that was refused, or a datagram that was answered with "port unreachable"; and why.
 * @param status of the HTTP response that said so; without one it was reset.
 */
export function refusedConnection(
  time: number,
  connection: RefusedConnection,
  decision: Decision,
  status?: number,
): Event {
  const { name, address, port, who, protocol = 'tcp' } = connection;
  return {
    v: 1,
    time,
    ...(who === undefined ? {} : { who }),
    action: 'NetConnect',
    resource: { type: 'host', name },
    detail: { port, protocol, ip: address, ...(status !== undefined && { status }) },
    ...verdictFields(decision),
    ...(status === undefined && { error: protocol === 'tcp' ? 'ECONNRESET' : 'ECONNREFUSED' }),
  };
}

/** A permitted connection at its end: relayed without inspection, or failed before anything could be relayed. */
export function endedConnection(time: number, peer: Peer, decision: Decision, result: Ended): Event {
  return {
    v: 1,
    time,
    who: peer.attribution.who,
    action: 'NetConnect',
    resource: { type: 'host', name: peer.name },
    detail: {
      port: peer.port,
      protocol: peer.request.protocol,
      ip: peer.request.ip,
      bytes_in: result.bytesIn,
      bytes_out: result.bytesOut,
      duration_ms: elapsed(time),
      ...(result.dropped ? { dropped: result.dropped } : {}),
      ...result.detail,
      ...(result.message === undefined ? {} : { message: result.message }),
    },
    ...verdictFields(decision),
    ...(result.error === undefined ? {} : { error: result.error }),
  };
}
