// Events in, log records and spans as the official exporters take them out.
import { createHash } from 'node:crypto';
import type { HrTime, SpanContext } from '@opentelemetry/api';
import type { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import type { Resource } from '@opentelemetry/resources';
import type { Event } from '../../schema/event.ts';
import { resourceName } from '../../schema/resource-name.ts';
import type { JournalEntry } from '../decoder.ts';
import { type Attributes, attributesOf, eventName } from './attributes.ts';

export type LogRecord = Parameters<OTLPLogExporter['export']>[0][number];

/** Numbers of the OpenTelemetry logs data model. */
const SEVERITY = { INFO: 9, WARN: 13 } as const;
/** Numbers of the trace API: SpanKind and SpanStatusCode. */
const KIND = { internal: 0, client: 2 } as const;
const STATUS = { unset: 0, error: 2 } as const;
const SAMPLED = 1;

const SCOPE = { name: 'leash' } as const;

export interface SpanRecord {
  readonly name: string;
  readonly kind: number;
  readonly spanContext: () => SpanContext;
  readonly parentSpanContext?: SpanContext;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Attributes;
  readonly links: [];
  readonly events: [];
  readonly ended: true;
  readonly resource: Resource;
  readonly instrumentationScope: typeof SCOPE;
  readonly droppedAttributesCount: 0;
  readonly droppedEventsCount: 0;
  readonly droppedLinksCount: 0;
}

/** Milliseconds to seconds and nanoseconds. */
function hrTime(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds, Math.round((milliseconds - seconds * 1000) * 1e6)];
}

/** The same for the same session and event, so that what is sent twice is one. 16 or 8 bytes, hexadecimal. */
function identifier(text: string, bytes: number): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, 2 * bytes);
}

function contextOf(session: string, span: string): SpanContext {
  return { traceId: identifier(session, 16), spanId: identifier(`${session} ${span}`, 8), traceFlags: SAMPLED };
}

function wasRefused({ effect, enforced }: Event): boolean {
  return effect === 'deny' && enforced;
}

export function logRecord(session: string, { seq, event }: JournalEntry, resource: Resource): LogRecord {
  const isNotable = event.effect === 'deny' || event.shadow === 'deny';
  const verdict = wasRefused(event) ? 'denied' : event.effect === 'deny' ? 'would deny' : 'allowed';
  const why = event.reason === undefined ? '' : `: ${event.reason}`;
  return {
    hrTime: hrTime(event.time),
    hrTimeObserved: hrTime(event.time),
    spanContext: contextOf(session, 'session'),
    severityNumber: isNotable ? SEVERITY.WARN : SEVERITY.INFO,
    severityText: isNotable ? 'WARN' : 'INFO',
    eventName: eventName(event),
    body: `${verdict} ${event.action} ${resourceName(event.resource)}${why}`,
    attributes: attributesOf(session, seq, event),
    droppedAttributesCount: 0,
    resource,
    instrumentationScope: SCOPE,
  };
}

interface Length {
  /** Milliseconds since the Unix epoch. */
  readonly start: number;
  readonly end: number;
}

function span(
  identity: Pick<SpanRecord, 'name' | 'kind' | 'spanContext' | 'status' | 'attributes' | 'resource'>,
  { start, end }: Length,
): SpanRecord {
  return {
    ...identity,
    startTime: hrTime(start),
    endTime: hrTime(end),
    duration: hrTime(Math.max(0, end - start)),
    links: [],
    events: [],
    ended: true,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Of what took time, a request or a connection; undefined of any other event. Its name has no path: those are without number. */
export function spanOf(session: string, { seq, event }: JournalEntry, resource: Resource): SpanRecord | undefined {
  const { duration_ms: length, method } = event.detail ?? {};
  if (typeof length !== 'number') return undefined;
  const own = contextOf(session, String(seq));
  const name = event.action === 'HttpRequest' ? String(method) : eventName(event);
  return {
    ...span(
      {
        name,
        kind: KIND.client,
        spanContext: () => own,
        status: wasRefused(event) ? { code: STATUS.error, message: event.reason ?? 'denied' } : { code: STATUS.unset },
        attributes: attributesOf(session, seq, event),
        resource,
      },
      { start: event.time, end: event.time + length },
    ),
    parentSpanContext: contextOf(session, 'session'),
  };
}

/** The session itself: the root of its trace. */
export function sessionSpan(session: string, length: Length, resource: Resource): SpanRecord {
  const own = contextOf(session, 'session');
  const attributes = { 'session.id': session };
  const status = { code: STATUS.unset };
  return span(
    { name: 'leash session', kind: KIND.internal, spanContext: () => own, status, attributes, resource },
    length,
  );
}
