// What the address asks to see in; whether one event is among it, and the query that asks the journal for the same, out.
import type { EventEntry, EventQuery } from '../../../../src/schema/api.ts';
import { resourceName } from '../../../../src/schema/resource-name.ts';
import { outcome } from '../../journal/row.ts';
import type { LiveSearch } from './search.ts';

export type Test = (entry: EventEntry) => boolean;

/** Is the text in what the event was about: its resource, target, program or MCP server? */
function speaksOf({ event }: EventEntry, text: string): boolean {
  return (
    resourceName(event.resource).toLowerCase().includes(text) ||
    (event.target !== undefined && resourceName(event.target).toLowerCase().includes(text)) ||
    event.who?.exe.toLowerCase().includes(text) === true ||
    event.who?.via?.toLowerCase().includes(text) === true
  );
}

export function testOf({ verdict, action, text, pid, call }: LiveSearch): Test {
  const lower = text?.toLowerCase();
  return (entry) =>
    (verdict === undefined || outcome(entry.event) === verdict) &&
    (action === undefined || entry.event.action === action) &&
    (pid === undefined || entry.event.who?.pid === pid) &&
    (call === undefined || entry.event.call?.split(',').includes(call) === true) &&
    (lower === undefined || speaksOf(entry, lower));
}

/** The journal tells effects apart, not whether they were enforced: `testOf` does that on its pages. */
export function queryOf({ verdict, action, text, pid, call }: LiveSearch): EventQuery {
  return {
    ...(verdict !== undefined && { effect: verdict === 'allowed' ? 'allow' : 'deny' }),
    ...(action !== undefined && { action }),
    ...(text !== undefined && { text }),
    ...(pid !== undefined && { pid }),
    ...(call !== undefined && { call }),
  };
}
