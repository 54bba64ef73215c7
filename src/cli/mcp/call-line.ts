// One MCP call in, one line for a person out.
import type { Event } from '../../schema/event.ts';
import { clockTime, verdictMark, why } from '../event-line.ts';
import { type Paint, printable } from '../terminal.ts';
import { factOf, serverOf, toolOf } from './call.ts';

const CALL_WIDTH = 5;
const SERVER_WIDTH = 20;
const TOOL_WIDTH = 20;

/** `12.3 ms`; undefined: it is not known. */
export function durationOf({ detail }: Event): string | undefined {
  const duration = detail?.['duration_ms'];
  return typeof duration === 'number' ? `${duration < 10 ? duration.toFixed(1) : Math.round(duration)} ms` : undefined;
}

/** Time, verdict, call, server, tool or method, outcome, duration, what it caused, why; all that others chose is made printable. */
export function callLine(event: Event, paint: Paint): string {
  const { glyph, word, style } = verdictMark(event);
  const asks = factOf(event, 'sender') === 'server' ? ['asked by the server'] : [];
  const [all, shared] = [factOf(event, 'caused'), factOf(event, 'caused_shared')];
  const caused = shared === undefined ? all : `${all} (${shared} shared)`;
  const facts = [...asks, factOf(event, 'outcome'), durationOf(event), caused].filter((fact) => fact !== undefined);
  const reason = why(event);
  return [
    paint('dim', clockTime(event.time)),
    paint(style, `${glyph} ${(factOf(event, 'judged') === 'false' ? 'not judged' : word).padEnd(10)}`),
    printable(event.call ?? '-').padEnd(CALL_WIDTH),
    printable(serverOf(event)).padEnd(SERVER_WIDTH),
    printable(toolOf(event) ?? factOf(event, 'method') ?? '?').padEnd(TOOL_WIDTH),
    printable(facts.join(', ')),
    ...(reason === undefined ? [] : [printable(reason)]),
  ].join(' ');
}
