// Bytes from a fuzzer in; what was read of MCP messages, events and lines out, or an exception when that breaks a promise.
import assert from 'node:assert/strict';
import { canonicalText } from '../../src/json/canonical.ts';
import { withEdits } from '../../src/json/edits.ts';
import { placeOf, textAt } from '../../src/json/places.ts';
import { EventFilter } from '../../src/mcp/event-filter.ts';
import { LineFilter } from '../../src/mcp/line-filter.ts';
import { listEdits } from '../../src/mcp/lists.ts';
import { askedOf } from '../../src/mcp/mcp-request.ts';
import { isFault, type Message, readMessages } from '../../src/mcp/message.ts';
import { METHODS } from '../../src/mcp/methods.ts';
import { isMcpBody } from '../../src/mcp/recognise.ts';
import type { ByteFuzzer } from './bytes.ts';

const TEXTS: readonly string[] = [
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"a/b","n":[1.0,{"x":null}]}}}',
  '{ "jsonrpc" : "2.0" , "id" : "a\\u0062" , "method" : "resources\\/read" , "params" : { "uri" : "file:///\\u00e9é" } }',
  '[{"jsonrpc":"2.0","id":1.0,"method":"prompts/get","params":{"name":"p","arguments":{"a":"b"}}},{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}]',
  '{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"a"}, {"name":"b","x":[{}]} ,{"name":"c"}],"cacheScope":"public"}}',
  '{"jsonrpc":"2.0","id":3,"error":{"code":-32601,"message":"no"}}',
  '{"jsonrpc":"2.0","id":"x","method":"sampling/createMessage","params":{"messages":[{"role":"user"}],"maxTokens":1e2}}',
];

const TOKENS: readonly string[] = [
  '"method":"ping",',
  '"Method":1,',
  ',"id":1',
  '"jsonrpc":"2.0",',
  '"__proto__":{},',
  ',"result":{}',
  '{"name":"x"},',
  ',[{}]',
  '\\u0062',
  '\\ud800',
  '\\u0000',
  '\uFEFF',
  ' \r\n\t',
  '\u2028',
  '1e5',
  '-0',
  'null',
];

/** Tokens that mean something put in at places where one begins; each second input. */
function spliced(fuzzer: ByteFuzzer, text: string): Buffer {
  if (fuzzer.chance(0.5)) return fuzzer.mutated(Buffer.from(text));
  let changed = text;
  for (let left = 1 + fuzzer.below(2); left > 0; left--) {
    const places = [...changed.matchAll(/["{[,}\]]/g)].map(({ index }) => index + 1);
    const at = fuzzer.pick(places);
    changed = changed.slice(0, at) + fuzzer.pick(TOKENS) + changed.slice(at);
  }
  return Buffer.from(changed);
}

function parsed(bytes: Buffer): unknown {
  try {
    // With the mark that the usual way of reading drops.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Leaves by pointer, by another way than the reader's. */
function leavesOf(value: unknown, pointer: string = ''): string[] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) return [pointer.slice(1)];
  return entries.flatMap(([key, inner]) =>
    leavesOf(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

function checkAsked(message: Message): void {
  if (message.kind === 'response') return;
  const asked = askedOf(message, 'server');
  if (isFault(asked)) return;
  const { resource, args, method } = asked.request;
  assert.equal(method, message.method);
  const { name, arguments: given = {} } = message.params as { name?: unknown; arguments?: object };
  if (method === 'tools/call') assert.deepEqual(resource, { type: 'tool', name, server: 'server' });
  const judged = method === 'tools/call' ? given : { ...message.params };
  for (const key of ['_meta', 'requestState', 'inputResponses'])
    if (method !== 'tools/call') delete (judged as Record<string, unknown>)[key];
  const expected = Object.keys(judged).length === 0 ? [] : leavesOf(judged);
  assert.deepEqual([...args.keys()].sort(), expected.sort(), 'an argument is missing or made up');
}

function checkList(message: Message, chosen: (name: unknown) => boolean): void {
  if (message.kind !== 'response') return;
  const edits = listEdits(message, (_, entry) => chosen(entry['name']));
  const edited = JSON.parse(withEdits(message.text, edits)) as unknown;
  const before = JSON.parse(message.text) as { result?: { tools?: unknown } };
  const tools = before.result?.tools;
  if (Array.isArray(before) || !Array.isArray(tools)) return;
  const left = tools.filter((tool: { name?: unknown } | null) => typeof tool?.name === 'string' && chosen(tool.name));
  assert.deepEqual((edited as { result: { tools: unknown } }).result.tools, left, 'another list than the filtered one');
}

/** What is accepted is what JSON.parse reads; what JSON.parse does not read is refused. */
export function readMcpMessage(fuzzer: ByteFuzzer): string {
  const bytes = spliced(fuzzer, fuzzer.pick(TEXTS));
  const reading = readMessages(bytes, { mayBeBatch: true });
  const value = parsed(bytes);
  if (isFault(reading)) return value === undefined ? 'not JSON' : 'refused';
  assert(value !== undefined, 'read, and yet not JSON');
  const values = (reading.isBatch ? value : [value]) as Record<string, unknown>[];
  assert.equal(reading.entries.length, values.length);
  const hidden = fuzzer.pick(['a', 'b', 'c']);
  for (const [index, message] of reading.entries.entries()) {
    const own = values[index] as Record<string, unknown>;
    assert.deepEqual(JSON.parse(textAt(message.text, message.place)), own, 'it stands elsewhere');
    if (message.kind !== 'notification' && message.id !== undefined)
      assert.deepEqual(JSON.parse(message.id), own['id']);
    if (message.kind === 'response') assert.deepEqual([message.result, message.error], [own['result'], own['error']]);
    else assert.deepEqual([message.method, message.params], [own['method'], own['params'] ?? {}]);
    if (message.kind !== 'response' && METHODS.get(message.method)?.isShared !== true)
      assert(!METHODS.has(message.method) || isMcpBody(bytes), 'read, and not recognised');
    checkAsked(message);
    checkList(message, (name) => hidden !== name);
  }
  const canonical = canonicalText(reading.text, placeOf(reading.text));
  assert.deepEqual(JSON.parse(canonical), value, 'the canonical text has another value');
  assert.equal(canonicalText(canonical, placeOf(canonical)), canonical, 'the canonical text is not canonical');
  return 'understood';
}

interface Filter {
  readonly fault: string | undefined;
  push(bytes: Buffer): Buffer;
  end(): Buffer;
}

function through(filter: Filter, pieces: readonly Buffer[]): { text: string; fault: string | undefined } {
  const passed = pieces.map((piece) => filter.push(Buffer.from(piece)));
  return { text: Buffer.concat([...passed, filter.end()]).toString('latin1'), fault: filter.fault };
}

/** However it is cut, the same passes; and all of it, when nothing is rewritten. */
function checkFilter(
  make: (rewrite: (data: Buffer) => Buffer | undefined) => Filter,
  fuzzer: ByteFuzzer,
  bytes: Buffer,
): string {
  const pieces = fuzzer.cut(bytes);
  const same = through(
    make((data) => data),
    pieces,
  );
  // Events with these may go (event.ts, hidesLines).
  const hides = /[\v\f\x1c-\x1e\x85\u2028\u2029]/.test(bytes.toString('utf8'));
  if (same.fault === undefined && !hides)
    assert.equal(same.text, bytes.toString('latin1'), 'untouched, and yet changed');
  const rewrite = (data: Buffer): Buffer | undefined =>
    data.length % 3 === 0 ? undefined : data.length % 3 === 1 ? data : Buffer.from('{"other":\n1}');
  const whole = through(make(rewrite), [bytes]);
  assert.deepEqual(through(make(rewrite), pieces), whole, 'it matters how the bytes are cut');
  return whole.fault === undefined ? 'passed' : 'ended';
}

const STREAMS: readonly string[] = [
  'id: 1\nevent: message\ndata: {"a":1}\n\ndata: {"b":\ndata: 2}\n\nretry: 5\ndata: []\n\n',
  '\uFEFFid: 1\r\ndata: {"a":1}\r\n\r\n: ping\r\n\r\nevent: endpoint\r\ndata: /m\r\n\r\ndata:{"x":12}\r\n\r\n',
  'data:{}\r\rdata: {"a":"é"}\r\r\n\n\ndata:[1]\r\n\n\rdata: {"unfinished":1}',
];

export function readMcpEvents(fuzzer: ByteFuzzer): string {
  const bytes = fuzzer.mutated(Buffer.from(fuzzer.pick(STREAMS)));
  const most = fuzzer.pick([20, 48, 4_096]);
  return checkFilter((rewrite) => new EventFilter({ rewrite, most }), fuzzer, bytes);
}

export function readMcpLines(fuzzer: ByteFuzzer): string {
  const bytes = fuzzer.mutated(Buffer.from(`${TEXTS[0]}\r\n\n${TEXTS[4]}\n{}\r\n{"a":1}\n${TEXTS[1]}`));
  const most = fuzzer.pick([20, 150, 4_096]);
  const lines = (rewrite: (data: Buffer) => Buffer | undefined): Filter => {
    let fault: string | undefined;
    const tooLong = (): void => {
      fault = 'a line is too long';
    };
    const filter = new LineFilter({ rewrite, most, tooLong });
    return {
      push: (piece) => filter.push(piece),
      end: () => filter.end(),
      get fault() {
        return fault;
      },
    };
  };
  return checkFilter(lines, fuzzer, bytes);
}
