// The network layer against others: direct, leash, nginx, mockttp, mitmdump; interleaved rounds, medians, one table for each question.
//
//   npm run bench -- proxy [rounds]
//
// Each proxy is pinned to one core, the origin and the load to the other.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median } from './measure.ts';
import { bulk, eventDelays, idleMemory, keptAlive, type Measured, newConnections } from './network/load.ts';
import { LOAD_CORE, Targets } from './network/targets.ts';
import type { Target } from './network/words.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const CONNECTIONS = 16;
const IDLE = 500;

/** Slow ones get fewer requests, so that a round does not last minutes. */
const REQUESTS: Readonly<Record<string, number>> = { mitmdump: 500, mockttp: 1500 };
const DEFAULT_REQUESTS = 8000;

type Table = Record<string, Record<string, number>>;

async function interleave(
  targets: readonly Target[],
  measure: (target: Target) => Promise<Measured>,
): Promise<Map<string, Measured>> {
  const all = new Map(targets.map(({ name }) => [name, [] as Measured[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const target of targets) {
      const measured = await measure(target);
      if (round > 0) all.get(target.name)?.push(measured);
    }
  }
  const middle = (list: readonly Measured[], key: keyof Measured): number => median(list.map((each) => each[key]));
  return new Map(
    [...all].map(([name, list]) => [
      name,
      {
        perSecond: middle(list, 'perSecond'),
        processor: middle(list, 'processor'),
        p50: middle(list, 'p50'),
        p99: middle(list, 'p99'),
      },
    ]),
  );
}

function table(results: ReadonlyMap<string, Measured>, rate: string): Table {
  const base = results.get('direct');
  return Object.fromEntries(
    [...results].map(([name, each]) => [
      name,
      {
        [rate]: Math.round(each.perSecond),
        'of direct': Math.round((each.perSecond / (base?.perSecond ?? Number.NaN)) * 100) / 100,
        'processor µs': Math.round(each.processor),
        'p50 µs': Math.round(each.p50),
        'p99 µs': Math.round(each.p99),
      },
    ]),
  );
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
const targets = new Targets(folder);
try {
  execFileSync('taskset', ['-acp', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
  const origin = await targets.origin();
  const others = [await targets.nginx(origin), await targets.mockttp(origin), await targets.mitmdump(origin)];
  const all = [origin, await targets.leash(origin), ...others.filter((target) => target !== undefined)];
  const fast = all.filter(({ name }) => REQUESTS[name] === undefined);
  const tables: Record<string, Table> = {
    'small requests, kept connections': table(
      await interleave(all, (target) => keptAlive(target, CONNECTIONS, REQUESTS[target.name] ?? DEFAULT_REQUESTS)),
      'requests/s',
    ),
    'one connection, one request at a time': table(
      await interleave(fast, (target) => keptAlive(target, 1, 3000)),
      'requests/s',
    ),
    'a new connection for each request': table(
      await interleave(fast, (target) => newConnections(target, 300)),
      'connections/s',
    ),
    'one answer of 100 MB (processor µs for each MB)': table(
      await interleave(fast, (target) => bulk(target, 100)),
      'MB/s',
    ),
  };
  for (const [question, answer] of Object.entries(tables)) {
    console.log(`\n${question}`);
    console.table(answer);
  }
  const delays = new Map(fast.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++)
    for (const target of fast) delays.get(target.name)?.push(...(await eventDelays(target)));
  const events = Object.fromEntries(
    [...delays].map(([name, list]) => {
      const sorted = list.sort((a, b) => a - b);
      return [
        name,
        { 'p50 µs': Math.round(median(sorted)), 'p99 µs': Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0) },
      ];
    }),
  );
  console.log('\ndelay of a server-sent event');
  console.table(events);
  const memory: Record<string, Record<string, number>> = {};
  for (const target of fast.filter(({ pids }) => pids.length > 0))
    memory[target.name] = { 'kB each': Math.round(await idleMemory(target, IDLE)) };
  console.log(`\n${IDLE} idle connections`);
  console.table(memory);
  mkdirSync('bench/results', { recursive: true });
  const context = { node: process.version, cpus: os.cpus().length, rounds: ROUNDS, load: os.loadavg()[0] };
  writeFileSync('bench/results/proxy.json', `${JSON.stringify({ ...context, tables, events, memory }, null, 2)}\n`);
} finally {
  targets.end();
  rmSync(folder, { recursive: true, force: true });
}
