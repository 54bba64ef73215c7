// What it costs to look at requests to models and at their answers: bodies as coding agents send them, read whole and as they stream.
//
//   npm run bench -- model [rounds]
import { Buffer } from 'node:buffer';
import { lookingFilter } from '../src/proxy/exchange/looking-filter.ts';
import { EventLines } from '../src/proxy/model/event-lines.ts';
import { AnswerReader } from '../src/proxy/model/model-answer.ts';
import { readBody } from '../src/proxy/model/read-body.ts';
import { findRow, interleave, report, type Series } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const JSON_FIELDS = [{ name: 'content-type', value: 'application/json', line: '' }];

/** As Claude Code sends it: some forty tools, and a conversation of files and outputs. */
function body(bytes: number): Buffer {
  const tools = Array.from({ length: 40 }, (_, n) => ({
    name: `tool_${n}`,
    description: 'Does one thing.\n'.repeat(40),
    input_schema: { type: 'object', properties: { path: { type: 'string', description: 'A path.' } } },
  }));
  const line = '  const value = read("a\\b", { deep: [1, 2, 3] }); // and so on\n';
  const messages: object[] = [];
  for (let size = 0; size < bytes; size += 20_000)
    messages.push({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: `t${size}`, content: line.repeat(20_000 / line.length) }],
    });
  return Buffer.from(JSON.stringify({ model: 'claude-x', max_tokens: 32_000, stream: true, messages, tools }));
}

const BODIES = [20_000, 500_000, 4_000_000, 30_000_000].map((bytes) => ({
  name: `${bytes / 1000} kB`,
  bytes: body(bytes),
}));

const DELTA = Buffer.from(
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" and so on"}}\n\n',
);
const EVENTS = 10_000;

/** Of the processor, which other programs disturb least. */
function milliseconds(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function streamed(): void {
  const answer = new AnswerReader();
  const tap = lookingFilter(new EventLines(true, (data) => answer.takeText(data)), () => {});
  for (let n = 0; n < EVENTS; n++) tap.push(DELTA);
  tap.end();
}

const series: readonly Series[] = [
  ...BODIES.map(({ name, bytes }) => ({
    name: `request of ${name}`,
    measure: () => milliseconds(() => readBody('a.example', '/v1/messages', JSON_FIELDS, bytes)),
  })),
  ...BODIES.map(({ name, bytes }) => ({
    name: `JSON.parse of ${name}`,
    measure: () => milliseconds(() => JSON.parse(bytes.toString('utf8'))),
  })),
  { name: `${EVENTS} events of an answer`, measure: () => milliseconds(streamed) },
];
const rows = interleave(series, ROUNDS);
report('model', 'ms of processor time', rows, 'request of 500 kB', [
  `an event of an answer: ${((findRow(rows, `${EVENTS} events of an answer`).median * 1000) / EVENTS).toFixed(1)} µs`,
]);
