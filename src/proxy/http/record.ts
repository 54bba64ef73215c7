// A request and what became of it enter, the one Event that records it leaves: never a header, a body, or a query string.
import type { Event } from '../../schema/event.ts';
import type { GitOperation } from '../../schema/request.ts';
import type { Detail } from '../exchange/passage.ts';
import type { Decision, Peer } from '../options.ts';
import { elapsed, verdictFields } from '../record.ts';

const MAX_PATH = 2048;

export interface RequestRecord {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly peer: Peer;
  readonly scheme: 'http' | 'https';
  readonly method: string;
  /** As sent; the query is cut off here, since tokens live there. */
  readonly path: string;
  readonly git?: GitOperation | undefined;
  readonly decision: Decision;
  /** What brokers know at the end. */
  readonly detail?: (() => Detail) | undefined;
}

export interface RequestResult {
  /** Status the agent received; undefined when it received none. */
  readonly status: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly error?: string | undefined;
  readonly message?: string | undefined;
}

function recordedPath(path: string): string {
  return (path.split(/[?#]/, 1)[0] ?? '').slice(0, MAX_PATH);
}

export function requestEvent(record: RequestRecord, result: RequestResult): Event {
  const { time, peer, scheme, method, path, git, decision } = record;
  const { call, ...known } = record.detail?.() ?? {};
  return {
    v: 1,
    time,
    who: peer.attribution.who,
    action: 'HttpRequest',
    resource: { type: 'host', name: peer.name },
    detail: {
      method,
      path: recordedPath(path),
      scheme,
      port: peer.port,
      ...(git === undefined ? {} : { git: git.operation, repository: git.repository.slice(0, MAX_PATH) }),
      ...(result.status === undefined ? {} : { status: result.status }),
      bytes_in: result.bytesIn,
      bytes_out: result.bytesOut,
      duration_ms: elapsed(time),
      ...(result.message === undefined ? {} : { message: result.message }),
      ...known,
    },
    ...verdictFields(decision),
    ...(typeof call === 'string' && { call }),
    ...(result.error === undefined ? {} : { error: result.error }),
  };
}
