// What MCP costs on the wire: calls over stdio, and a stream of 10 MB over HTTP; direct, and judged by Leash in a process of its own.
//
//   npm run bench -- mcp-wire [rounds]
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { loadPolicies } from '../src/policy/load.ts';
import { Allowance } from '../src/proxy/exchange/allowance.ts';
import type { McpBrokerOptions } from '../src/proxy/mcp/call-judge.ts';
import { CallsInHand } from '../src/proxy/mcp/calls-in-hand.ts';
import { mcpBroker } from '../src/proxy/mcp/mcp-broker.ts';
import { StdioRelay } from '../src/proxy/mcp/stdio/stdio-relay.ts';
import type { Decision } from '../src/proxy/options.ts';
import type { Request } from '../src/schema/request.ts';
import { Lab, listen, OWNER } from '../test/integration/proxy-lab.ts';
import { median, type Row, report } from './measure.ts';

const CALLS = 100;
/** Rounds that do not count: what is compiled then is compiled in any session after its first calls. */
const WARM = 10;
const STREAM = 10_000_000;
const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/home/u', tmp: '/tmp' };
const NAME = 'tools.example';
const SILENT = 'permit(principal, action, resource);';
const POLICY = `${SILENT}
forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"remove");
forbid(principal, action == Action::"McpCall", resource is MCP::Tool)
when { context.args.hasTag("path") && context.args.getTag("path") like "/etc/*" };`;

const rpc = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });
const call = (id: number): string =>
  rpc({ id, method: 'tools/call', params: { name: 'write', arguments: { path: '/a/b', content: 'x'.repeat(200) } } });
const EVENT = `event: message\ndata: ${rpc({ method: 'notifications/message', params: { level: 'info', data: 'y'.repeat(900) } })}\n\n`;

async function judging(text: string): Promise<McpBrokerOptions> {
  const set = await loadPolicies({ name: 'bench.cedar', text }, FACTS);
  return {
    attention: () => set.mcp(),
    decide: (request: Request): Decision => ({ ...set.decide(request), enforced: true, epoch: 1 }),
    mayCall: (request) => set.mayCall(request),
    epoch: () => 1,
    emit: () => {},
    inHand: new CallsInHand(),
  };
}

/** Answers each line at once. */
function serve(): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { id } = JSON.parse(line) as { id: number };
    process.stdout.write(`${rpc({ id, result: { content: [{ type: 'text', text: 'x'.repeat(300) }] } })}\n`);
  });
}

function start(role: string, stdio: 'pipe' | 'ignore', words: readonly string[] = []): ChildProcess {
  const [program, args] = [process.execPath, [...process.execArgv, import.meta.filename, role, ...words]];
  return spawn(program, args, { stdio: [stdio, stdio, 'inherit'] });
}

async function relay(): Promise<void> {
  const { stdin, stdout } = start('serve', 'pipe') as { stdin: Writable; stdout: Readable };
  const options = { ...(await judging(POLICY)), allowance: new Allowance(67_108_864) };
  const ends = { fromClient: process.stdin, toClient: process.stdout, toServer: stdin, fromServer: stdout };
  await new StdioRelay(ends, { name: 'files', via: 'mcp:files', attribution: OWNER }, options).ended;
}

async function proxy(origin: number, policy: string): Promise<void> {
  const overrides = new Map([[`${NAME}:80`, { address: '127.0.0.1', port: origin }]]);
  const lab = new Lab({ overrides, brokers: [mcpBroker(await judging(policy))] });
  process.send?.(await lab.dialledName(NAME, 80));
}

async function origin(): Promise<void> {
  const server = http.createServer(async (request, response) => {
    request.resume();
    response.setHeader('Content-Type', 'text/event-stream');
    // As servers do: a write an event.
    for (let sent = 0; sent < STREAM; sent += EVENT.length) if (!response.write(EVENT)) await once(response, 'drain');
    response.end(`data: ${rpc({ id: 1, result: {} })}\n\n`);
  });
  process.send?.(await listen(server));
}

interface Line {
  readonly child: ChildProcess;
  /** @returns microseconds until its answer */
  readonly ask: (id: number) => Promise<number>;
}

function lineTo(child: ChildProcess): Line {
  const { stdin, stdout } = child as { stdin: Writable; stdout: Readable };
  const lines = createInterface({ input: stdout });
  const ask = async (id: number): Promise<number> => {
    const answered = once(lines, 'line');
    const start = performance.now();
    stdin.write(`${call(id)}\n`);
    await answered;
    return (performance.now() - start) * 1_000;
  };
  return { child, ask };
}

/** @returns milliseconds for all of the stream */
async function streamed(port: number): Promise<number> {
  const start = performance.now();
  const headers = { host: NAME, 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const request = http.request({ host: '127.0.0.1', port, method: 'POST', path: '/mcp', headers });
  request.end(call(1));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let length = 0;
  for await (const piece of response) length += (piece as Buffer).length;
  if (length < STREAM) throw new Error(`${length} bytes came`);
  return performance.now() - start;
}

function rowOf(name: string, values: readonly number[], part = 0.5): Row {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part === 0.5 ? median(sorted) : (sorted[Math.floor(sorted.length * part)] ?? Number.NaN);
  return { name, median: at, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

async function portOf(role: string, words: readonly string[] = []): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(import.meta.filename, [role, ...words]);
  const [port] = (await once(child, 'message')) as [number];
  return { child, port };
}

async function measure(rounds: number): Promise<void> {
  const lines = { direct: lineTo(start('serve', 'pipe')), judged: lineTo(start('relay', 'pipe')) };
  const upstream = await portOf('origin');
  const judged = await portOf('proxy', [String(upstream.port), POLICY]);
  const passed = await portOf('proxy', [String(upstream.port), SILENT]);
  const calls = { direct: [] as number[], judged: [] as number[] };
  const streams = { direct: [] as number[], passed: [] as number[], judged: [] as number[] };
  for (let round = -WARM; round < rounds; round++) {
    if (round === 0) for (const times of [calls, streams]) for (const all of Object.values(times)) all.length = 0;
    for (let id = 0; id < CALLS; id++) {
      calls.direct.push(await lines.direct.ask(id));
      calls.judged.push(await lines.judged.ask(id));
    }
    for (const [name, port] of [
      ['direct', upstream.port],
      ['passed', passed.port],
      ['judged', judged.port],
    ] as const)
      streams[name].push(await streamed(port));
  }
  for (const { child } of [lines.direct, lines.judged, upstream, judged, passed]) child.kill();
  const rows = [
    rowOf('stdio, direct', calls.direct),
    rowOf('stdio, judged', calls.judged),
    rowOf('stdio, direct, p99', calls.direct, 0.99),
    rowOf('stdio, judged, p99', calls.judged, 0.99),
  ];
  report('mcp-wire', 'µs a call of 300 B and its answer', rows, 'stdio, direct', []);
  const answers = [
    rowOf('10 MB of events, direct', streams.direct),
    rowOf('10 MB of events, no policy on calls', streams.passed),
    rowOf('10 MB of events, judged', streams.judged),
  ];
  report('mcp-wire-stream', 'ms', answers, '10 MB of events, direct', []);
}

const [role = '', ...words] = process.argv.slice(2);
if (role === 'serve') serve();
else if (role === 'relay') await relay();
else if (role === 'proxy') await proxy(Number(words[0]), words[1] ?? '');
else if (role === 'origin') await origin();
else await measure(Number(role || 30));
