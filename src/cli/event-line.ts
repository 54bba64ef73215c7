// One event in, one line for a person out.
import type { Event } from '../schema/event.ts';
import { type Paint, printable, type Style } from './terminal.ts';

interface Mark {
  readonly glyph: string;
  readonly word: string;
  readonly style: Style;
}

const WORD_WIDTH = 10;
const ACTION_WIDTH = 16;
const WHO_WIDTH = 14;

function mark(event: Event): Mark {
  if (event.effect === 'deny' && event.enforced) return { glyph: '✗', word: 'denied', style: 'red' };
  if (event.effect === 'deny') return { glyph: '!', word: 'would deny', style: 'yellow' };
  if (event.shadow === 'deny') return { glyph: '✓', word: 'allowed', style: 'yellow' };
  return { glyph: '✓', word: 'allowed', style: 'green' };
}

/** Local time of day with milliseconds: `14:22:33.412`. */
export function clockTime(time: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '--:--:--.---';
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `42 /usr/bin/cat`, or '-' for what no process did. */
function who(event: Event): string {
  return event.who === undefined ? '-' : `${event.who.pid} ${event.who.exe || '?'}`;
}

function resource(event: Event): string {
  const { resource: object, target, detail } = event;
  const name = object.type === 'path' ? object.path : object.name;
  const port = object.type === 'host' && typeof detail?.['port'] === 'number' ? `:${detail['port']}` : '';
  if (target === undefined) return `${name}${port}`;
  return `${name} → ${target.type === 'path' ? target.path : target.name}`;
}

/** Method and path of a request, query type of a lookup, command line of a program. */
function detail(event: Event): string | undefined {
  const facts = event.detail ?? {};
  if (event.action === 'HttpRequest')
    return [facts['method'], facts['path']].filter((part) => part !== undefined).join(' ');
  if (event.action === 'DnsResolve') return facts['qtype'] === undefined ? undefined : String(facts['qtype']);
  const argv = facts['argv'];
  return event.action === 'ProcessExec' && Array.isArray(argv) ? `[${argv.join(' ')}]` : undefined;
}

function why(event: Event): string | undefined {
  const shadow = event.effect === 'allow' && event.shadow === 'deny' ? 'a shadow policy denies it; ' : '';
  if (event.effect !== 'deny' && shadow === '') return undefined;
  const policies = event.policies.length === 0 ? 'no policy permits it' : `by ${event.policies.join(', ')}`;
  return `— ${shadow}${event.reason === undefined ? policies : `${event.reason} (${policies})`}`;
}

/** Time, verdict, who, action, resource, detail, why, error; everything the agent could have chosen is made printable. */
export function eventLine(event: Event, paint: Paint): string {
  const { glyph, word, style } = mark(event);
  const tail = [detail(event), why(event), event.error].filter((part) => part !== undefined && part !== '');
  return [
    paint('dim', clockTime(event.time)),
    paint(style, `${glyph} ${word.padEnd(WORD_WIDTH)}`),
    printable(who(event)).padEnd(WHO_WIDTH),
    printable(event.action).padEnd(ACTION_WIDTH),
    printable(resource(event)),
    ...tail.map((part) => printable(String(part))),
  ].join(' ');
}
