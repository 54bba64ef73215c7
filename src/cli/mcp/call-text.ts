// One MCP call in, the lines that say all the journal has of it out.
import type { Event } from '../../schema/event.ts';
import { clockTime, verdictMark, why } from '../event-line.ts';
import { type Paint, printable } from '../terminal.ts';
import { factOf, serverOf, toolOf } from './call.ts';
import { durationOf } from './call-line.ts';

const LABEL_WIDTH = 10;

type Line = readonly [label: string, text: string | undefined];

function verdict(event: Event): string {
  const { word } = verdictMark(event);
  if (factOf(event, 'judged') === 'false') return 'not judged: no policy speaks of calls';
  const by = event.effect === 'allow' && event.policies.length > 0 ? ` by ${event.policies.join(', ')}` : '';
  return [`${word}${by}`, why(event)].filter((part) => part !== undefined).join(' ');
}

function place(event: Event): string {
  const [transport = '?', host, port, via] = ['transport', 'host', 'port', 'via'].map((name) => factOf(event, name));
  return [transport, via, host === undefined ? undefined : `${host}:${port}`]
    .filter((part) => part !== undefined)
    .join(' ');
}

function outcome(event: Event): string {
  const [answered, length] = [factOf(event, 'answered'), factOf(event, 'length')];
  const sizes = [
    ...(length === undefined ? [] : [`${length} characters sent`]),
    ...(answered === undefined ? [] : [`${answered} answered`]),
  ];
  return [factOf(event, 'outcome'), durationOf(event), ...sizes].filter((part) => part !== undefined).join(', ');
}

function argumentLines({ detail }: Event): readonly Line[] {
  const [args, more] = [detail?.['args'], detail?.['args_more']];
  const texts: readonly string[] = Array.isArray(args) ? args : [];
  const rest: readonly Line[] = more === undefined ? [] : [['', `and ${more} more`]];
  return [...texts.map((text, at): Line => [at === 0 ? 'arguments' : '', text]), ...rest];
}

/** What others chose is made printable. */
export function callText(event: Event, paint: Paint): readonly string[] {
  const [method = '?', tool, sender] = [factOf(event, 'method'), toolOf(event), factOf(event, 'sender')];
  const what = [event.call ?? '-', method, ...(tool === undefined ? [] : [tool])].join(' ');
  const between = sender === 'server' ? 'from' : tool === undefined ? 'to' : 'of';
  const { who, ask } = event;
  const lines: readonly Line[] = [
    ['verdict', verdict(event)],
    ['question', ask],
    ['when', clockTime(event.time)],
    ['outcome', outcome(event)],
    ['reached by', place(event)],
    ['client', who && `${who.exe || '?'} (pid ${who.pid})`],
    ['during', factOf(event, 'during')],
    ['id', factOf(event, 'id')],
    ...argumentLines(event),
    ['caused', factOf(event, 'caused')],
    ['', factOf(event, 'caused_denied') && `${factOf(event, 'caused_denied')} of it denied`],
    ['', factOf(event, 'caused_shared') && `${factOf(event, 'caused_shared')} of it while other calls were open, too`],
  ];
  return [
    paint('bold', printable(`${what} ${between} ${serverOf(event)}`)),
    ...lines.flatMap(([label, text]) =>
      text === undefined || text === '' ? [] : [`  ${label.padEnd(LABEL_WIDTH)}  ${printable(text)}`],
    ),
  ];
}
