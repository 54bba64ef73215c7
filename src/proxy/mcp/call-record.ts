// A judged call of MCP and what became of it enter; the Event that records it leaves: names, numbers and short arguments.
import type { Message } from '../../mcp/message.ts';
import type { Event, Who } from '../../schema/event.ts';
import type { McpRequest } from '../../schema/request.ts';
import { type Decision, ownRefusal } from '../options.ts';
import { elapsed, verdictFields } from '../record.ts';
import { argumentText } from './argument-text.ts';
import type { Judged } from './call-judge.ts';
import type { Caused } from './calls-in-hand.ts';

const MAX_ID = 64;
const MAX_ARGUMENTS = 32;

/** `result`, `error`, `tool error` (a result that says `isError`): how the server answered. */
export type CallOutcome =
  | 'denied'
  | 'not sent'
  | 'sent'
  | 'result'
  | 'error'
  | 'tool error'
  | 'no answer'
  | 'cancelled';

/** How the server is reached; `via` of one that is a program of the agent's. */
export type CallWay =
  | { readonly transport: 'http' | 'http+sse' | 'websocket'; readonly host: string; readonly port: number }
  | { readonly transport: 'stdio'; readonly via: string };

export interface CallRecord {
  /** Which call of the session it is: `c1`. */
  readonly call: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** The client's process. */
  readonly who: Who;
  readonly way: CallWay;
  readonly request: McpRequest;
  readonly decision: Decision;
  /** No policy speaks of calls. */
  readonly isJudged?: false | undefined;
  /** Who asks: `server` of what a server asks of the agent. */
  readonly sender: 'client' | 'server';
  /** Of the message, to the letter; a notification has none. */
  readonly id?: string | undefined;
  /** UTF-16 units of the message. */
  readonly length: number;
}

/** Undefined: what the server does is not seen. */
export function viaOf({ way }: Pick<CallRecord, 'way'>): string | undefined {
  return way.transport === 'stdio' ? way.via : undefined;
}

/** What a record is made of besides the message and the verdict on it. */
export type CallOrigin = Pick<CallRecord, 'call' | 'time' | 'who' | 'way' | 'sender'>;

export function recordOf(message: Message, { request, decision, isJudged }: Judged, origin: CallOrigin): CallRecord {
  const { start, end } = message.place;
  const id = message.kind === 'notification' ? undefined : message.id;
  return { ...origin, request, decision, isJudged, id, length: end - start };
}

/** What cannot be read as a message, and does not pass. @param length of it, in bytes */
export function unreadableEvent(
  origin: CallOrigin,
  server: string,
  { fault, length, epoch }: { readonly fault: string; readonly length: number; readonly epoch: number },
): Event {
  const resource = { type: 'server', name: server } as const;
  const request: McpRequest = { action: 'McpCall', resource, method: '', args: new Map() };
  return callEvent({ ...origin, request, decision: ownRefusal(fault, epoch), length }, 'denied');
}

function argumentsOf({ args }: McpRequest): NonNullable<Event['detail']> {
  if (args.size === 0) return {};
  const listed = [...args].slice(0, MAX_ARGUMENTS).map(argumentText);
  return { args: listed, ...(args.size > listed.length && { args_more: args.size - listed.length }) };
}

/** @param answered UTF-16 units of the answer, if there was one */
export function callEvent(record: CallRecord, outcome: CallOutcome, answered?: number): Event {
  const { call, time, who, way, request, decision, isJudged, sender, id, length } = record;
  return {
    v: 1,
    time,
    who,
    action: 'McpCall',
    resource: request.resource,
    detail: {
      ...(request.method !== '' && { method: request.method }),
      ...way,
      ...(isJudged === false && { judged: false }),
      ...(sender === 'server' && { sender }),
      ...(id !== undefined && { id: id.slice(0, MAX_ID) }),
      ...argumentsOf(request),
      length,
      ...(answered !== undefined && { answered }),
      outcome,
      duration_ms: elapsed(time),
    },
    ...verdictFields(decision),
    call,
  };
}

/** The same with what the server did meanwhile. */
export function withCaused(event: Event, { text, denied, shared }: Caused): Event {
  if (text === '') return event;
  const caused = {
    caused: text,
    ...(denied > 0 && { caused_denied: denied }),
    ...(shared > 0 && { caused_shared: shared }),
  };
  return { ...event, detail: { ...event.detail, ...caused } };
}
