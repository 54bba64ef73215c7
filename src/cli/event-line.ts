// One event in, one line for a person out.

import type { Event } from '../schema/event.ts';
import { resourceName } from '../schema/resource-name.ts';
import { type Paint, printable, type Style } from './terminal.ts';

export interface Mark {
  readonly glyph: string;
  readonly word: string;
  readonly style: Style;
}

const WORD_WIDTH = 10;
const ACTION_WIDTH = 16;
const WHO_WIDTH = 14;

/** How an event's verdict is shown. */
export function verdictMark(event: Event): Mark {
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

/** `42 /usr/bin/cat`, `42 /usr/bin/node via mcp:files`, or '-' for what no process did. */
function whoText({ who }: Event): string {
  if (who === undefined) return '-';
  return `${who.pid} ${who.exe || '?'}${who.via === undefined ? '' : ` via ${who.via}`}`;
}

function resource(event: Event): string {
  const { resource: object, target, detail } = event;
  const name = resourceName(object);
  const port = object.type === 'host' && typeof detail?.['port'] === 'number' ? `:${detail['port']}` : '';
  const transport = detail?.['protocol'] === 'udp' ? '/udp' : '';
  if (target === undefined) return `${name}${port}${transport}`;
  return `${name} → ${resourceName(target)}`;
}

/** `(claude-x, 1200 + 34 tokens, calls Bash)`, for a request to a language model. */
function model(facts: NonNullable<Event['detail']>): string | undefined {
  const { model: asked, model_answered: answered, model_calls: calls, model_mcp_servers: servers } = facts;
  const { model_tokens_in: tokensIn, model_tokens_out: tokensOut } = facts;
  if (asked === undefined) return undefined;
  const tokens = tokensIn === undefined || tokensOut === undefined ? [] : [`${tokensIn} + ${tokensOut} tokens`];
  const called = Array.isArray(calls) ? [`calls ${calls.join(' ')}`] : [];
  const reached = Array.isArray(servers) ? [`MCP servers ${servers.join(' ')}`] : [];
  return `(${[asked || answered || '?', ...tokens, ...called, ...reached].join(', ')})`;
}

/** `changed: description, inputSchema` of a tool of an MCP server. */
function toolNotice({ notice, fields, others, server }: NonNullable<Event['detail']>): string {
  const more = [fields, others].flatMap((list) => (Array.isArray(list) && list.length > 0 ? [list.join(', ')] : []));
  return `of ${server} ${[notice, ...more].join(': ')}`;
}

/** Method and path of a request, query type of a lookup, command line of a program. */
function detail(event: Event): string | undefined {
  const facts = event.detail ?? {};
  if (event.action === 'HttpRequest')
    return [facts['method'], facts['path'], model(facts)].filter((part) => part !== undefined).join(' ');
  if (event.action === 'PortPublish') return `port ${facts['port']} inside`;
  if (event.action === 'PortConnect') return `port ${facts['port']} inside, from ${facts['peer']}`;
  if (event.action === 'McpToolNotice') return toolNotice(facts);
  if (event.action === 'McpCall') return facts['judged'] === false ? 'not judged' : undefined;
  if (event.action === 'DnsResolve') return facts['qtype'] === undefined ? undefined : String(facts['qtype']);
  const argv = facts['argv'];
  return event.action === 'ProcessExec' && Array.isArray(argv) ? `[${argv.join(' ')}]` : undefined;
}

const SPAN: Readonly<Record<string, string>> = { once: 'once', session: 'for the session', always: 'for always' };

/** By whose word an operation went on that the policy alone would have held. */
function approval({ approval: given }: Event): string | undefined {
  if (given === undefined) return undefined;
  return `— a person approved it ${SPAN[given.by] ?? ''}`;
}

/** Which policies decided, and what they say of it; undefined: nothing is to be said. */
export function why(event: Event): string | undefined {
  const shadow = event.effect === 'allow' && event.shadow === 'deny' ? 'a shadow policy denies it; ' : '';
  if (event.effect !== 'deny' && shadow === '') return approval(event);
  const policies = event.policies.length === 0 ? 'no policy permits it' : `by ${event.policies.join(', ')}`;
  return `— ${shadow}${event.reason === undefined ? policies : `${event.reason} (${policies})`}`;
}

/** Time, verdict, who, action, resource, detail, why, error; everything the agent could have chosen is made printable. */
export function eventLine(event: Event, paint: Paint): string {
  const { glyph, word, style } = verdictMark(event);
  const tail = [detail(event), why(event), event.error].filter((part) => part !== undefined && part !== '');
  return [
    paint('dim', clockTime(event.time)),
    paint(style, `${glyph} ${word.padEnd(WORD_WIDTH)}`),
    printable(whoText(event)).padEnd(WHO_WIDTH),
    printable(event.action).padEnd(ACTION_WIDTH),
    printable(resource(event)),
    ...tail.map((part) => printable(String(part))),
  ].join(' ');
}
