// A judged call of MCP and what became of it enter; the Event that records it leaves: names, numbers and short arguments.
import type { Event } from '../../schema/event.ts';
import type { McpRequest } from '../../schema/request.ts';
import type { Decision, Peer } from '../options.ts';
import { elapsed, verdictFields } from '../record.ts';

const MAX_ID = 64;
const MAX_ARGUMENTS = 32;
/** A value is shown whole or not at all: a credential that is cut would not be found by whoever takes credentials out. */
const MAX_VALUE = 128;
const MAX_POINTER = 128;

/** `result`, `error`, `tool error` (a result that says `isError`): how the server answered. */
export type CallOutcome = 'denied' | 'not sent' | 'sent' | 'result' | 'error' | 'tool error' | 'no answer';

export interface CallRecord {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly peer: Peer;
  readonly request: McpRequest;
  readonly decision: Decision;
  readonly transport: 'http' | 'http+sse';
  /** Who asks: `server` of what a server asks of the agent. */
  readonly sender: 'client' | 'server';
  /** No policy speaks of calls: it passed without a verdict. */
  readonly isJudged?: false;
  /** Of the message, to the letter; a notification has none. */
  readonly id?: string | undefined;
  /** UTF-16 units of the message. */
  readonly length: number;
}

function shown([pointer, value]: readonly [string, string]): string {
  const name = pointer.slice(0, MAX_POINTER);
  return value.length > MAX_VALUE ? `${name}: ${value.length} characters` : `${name}=${value}`;
}

function argumentsOf({ args }: McpRequest): NonNullable<Event['detail']> {
  if (args.size === 0) return {};
  const listed = [...args].slice(0, MAX_ARGUMENTS).map(shown);
  return { args: listed, ...(args.size > listed.length && { args_more: args.size - listed.length }) };
}

/** @param answered UTF-16 units of the answer, if there was one */
export function callEvent(record: CallRecord, outcome: CallOutcome, answered?: number): Event {
  const { time, peer, request, decision, transport, sender, isJudged, id, length } = record;
  return {
    v: 1,
    time,
    who: peer.attribution.who,
    action: 'McpCall',
    resource: request.resource,
    detail: {
      method: request.method,
      transport,
      host: peer.name,
      port: peer.port,
      ...(sender === 'server' && { sender }),
      ...(isJudged === false && { judged: false }),
      ...(id !== undefined && { id: id.slice(0, MAX_ID) }),
      ...argumentsOf(request),
      length,
      ...(answered !== undefined && { answered }),
      outcome,
      duration_ms: elapsed(time),
    },
    ...verdictFields(decision),
  };
}
