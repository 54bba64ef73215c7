// One entry of a journal in, the texts of its table row out; and whether a filter lets it through.
import type { Event } from '../../../src/schema/event.ts';
import { printable } from '../parts/printable.ts';
import type { Entry } from './verify.ts';

export type Outcome = 'allowed' | 'denied' | 'would deny';

export interface Row {
  readonly seq: number;
  readonly time: string;
  readonly outcome: Outcome;
  readonly who: string;
  readonly action: string;
  readonly resource: string;
  readonly why: string;
}

export interface Filter {
  readonly outcome: Outcome | 'all';
  /** Lower-cased; matches any column. */
  readonly text: string;
}

export function outcome(event: Event): Outcome {
  if (event.effect === 'allow') return 'allowed';
  return event.enforced ? 'denied' : 'would deny';
}

function resourceName(resource: Event['resource']): string {
  return resource.type === 'path' ? resource.path : resource.name;
}

/** Of a call of a tool its server, of any other message to an MCP server what it asks for. */
function called({ action, resource: what, detail }: Event): string {
  if (action !== 'McpCall') return '';
  return what.type === 'tool' ? ` of ${what.server}` : ` ${String(detail?.['method'] ?? '')}`;
}

function resource(event: Event): string {
  const port = event.resource.type === 'host' ? event.detail?.['port'] : undefined;
  const name = `${resourceName(event.resource)}${port === undefined ? '' : `:${String(port)}`}${called(event)}`;
  return event.target === undefined ? name : `${name} → ${resourceName(event.target)}`;
}

function who({ who: process }: Event): string {
  if (process === undefined) return '';
  return `${process.pid} ${process.exe || '?'}${process.via === undefined ? '' : ` via ${process.via}`}`;
}

function why(event: Event): string {
  const nobody = event.effect === 'deny' ? 'no policy permits it' : '';
  const policies = event.policies.length === 0 ? nobody : event.policies.join(', ');
  const reason = event.reason === undefined ? policies : `${event.reason} (${policies})`;
  return [reason, event.error].filter(Boolean).join(' · ');
}

/** UTC time of day to the millisecond, so that two people read the same. */
function clock(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString().slice(11, 23);
}

export function row({ seq, event }: Entry): Row {
  return {
    seq,
    time: clock(event.time),
    outcome: outcome(event),
    who: printable(who(event)),
    action: printable(event.action),
    resource: printable(resource(event)),
    why: printable(why(event)),
  };
}

export function isShown(candidate: Row, filter: Filter): boolean {
  if (filter.outcome !== 'all' && candidate.outcome !== filter.outcome) return false;
  const { who, action, resource: name, why: reason } = candidate;
  return filter.text === '' || `${who} ${action} ${name} ${reason}`.toLowerCase().includes(filter.text);
}
