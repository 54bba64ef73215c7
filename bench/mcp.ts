// What it costs to read and judge MCP: calls, answers as lines and as events, a list that is pinned and filtered, streams of 10 MB.
//
//   npm run bench -- mcp [rounds]
import { Buffer } from 'node:buffer';
import { EventFilter } from '../src/mcp/event-filter.ts';
import { LineFilter } from '../src/mcp/line-filter.ts';
import { askedOf } from '../src/mcp/mcp-request.ts';
import { isFault, readMessages } from '../src/mcp/message.ts';
import { pinOf } from '../src/mcp/pin.ts';
import { type ReceivedJudge, rewriteReceived } from '../src/mcp/received.ts';
import { interleave, report, type Series } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const TIMES = 1_000;
const STREAM = 10_000_000;
const PIECE = 65_536;

const JUDGE: ReceivedJudge = {
  server: 'files',
  framing: { mayBeBatch: false },
  asks: () => undefined,
  keeps: (_, entry, text) => pinOf(text).digest !== '' && entry['name'] !== 'tool 7',
  answers: () => {},
  reply: () => {},
  unreadable: () => undefined,
};

const rpc = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });
const CALL = Buffer.from(
  rpc({
    id: 1,
    method: 'tools/call',
    params: { name: 'write', arguments: { path: '/a/b', content: 'x'.repeat(200) } },
  }),
);
const answer = (text: string): string => rpc({ id: 1, result: { content: [{ type: 'text', text }] } });
const ANSWER = answer('x'.repeat(300));
const LIST = Buffer.from(
  rpc({
    id: 1,
    result: {
      tools: Array.from({ length: 20 }, (_, n) => ({
        name: `tool ${n}`,
        description: 'd'.repeat(400),
        inputSchema: { type: 'object', properties: { path: { type: 'string', description: 'A path.' } } },
      })),
    },
  }),
);

/** Of the processor, which other programs disturb least. */
function milliseconds(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function judgeCall(): void {
  const messages = readMessages(CALL, JUDGE.framing);
  if (isFault(messages)) throw new Error(messages.fault);
  for (const message of messages.entries) if (message.kind === 'request') askedOf(message, 'files');
}

function each(name: string, work: () => unknown): Series {
  const measure = (): number =>
    milliseconds(() => {
      for (let n = 0; n < TIMES; n++) work();
    });
  return { name: `${TIMES} ${name}`, measure };
}

function stream(name: string, event: string, isJudged: boolean): Series {
  const bytes = Buffer.from(event.repeat(Math.ceil(STREAM / event.length)));
  const measure = (): number =>
    milliseconds(() => {
      const filter = new EventFilter({ rewrite: isJudged ? (data) => rewriteReceived(data, JUDGE) : (data) => data });
      let passed = 0;
      for (let at = 0; at < bytes.length; at += PIECE) passed += filter.push(bytes.subarray(at, at + PIECE)).length;
      if (passed + filter.end().length !== bytes.length) throw new Error(`not all of it passed: ${filter.fault}`);
    });
  return { name: `10 MB ${name}`, measure };
}

const lines = new LineFilter({ rewrite: (line) => rewriteReceived(line, JUDGE) });
const events = new EventFilter({ rewrite: (data) => rewriteReceived(data, JUDGE) });
const line = Buffer.from(`${ANSWER}\n`);
const event = `event: message\ndata: ${ANSWER}\n\n`;
const kilobyte = `data: ${rpc({ method: 'notifications/message', params: { level: 'info', data: 'y'.repeat(900) } })}\n\n`;

const rows = interleave(
  [
    each('calls read, with their arguments', judgeCall),
    each('answers as lines', () => lines.push(line)),
    each('answers as events', () => events.push(Buffer.from(event))),
    each('lists of 20 tools, pinned and filtered', () => rewriteReceived(LIST, JUDGE)),
    stream('in events of 1 kB, only framed', kilobyte, false),
    stream('in events of 1 kB', kilobyte, true),
    stream('in events of 100 kB', `data: ${answer('a "word" in a line\n'.repeat(4_700))}\n\n`, true),
    stream('in events of 5 MB', `data: ${answer('z'.repeat(5e6))}\n\n`, true),
  ],
  ROUNDS,
);
report('mcp', 'ms of processor time', rows, `${TIMES} answers as lines`, []);
