// Each operation that Leash decides on, and some that it does not: microseconds at the 50th and 99th percentile, outside and inside.
//
//   npm run bench -- verbs [rounds]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 7);
const COUNT = 1000;
const root = fileURLToPath(new URL('../', import.meta.url));

interface Percentiles {
  readonly p50: number[];
  readonly p99: number[];
}
type Side = Map<string, Percentiles>;

function gather(side: Side, output: string): void {
  for (const line of output.trim().split('\n')) {
    const [verb = '', p50, p99] = line.split('\t');
    const all = side.get(verb) ?? { p50: [], p99: [] };
    all.p50.push(Number(p50) / 1000);
    all.p99.push(Number(p99) / 1000);
    side.set(verb, all);
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
try {
  const workspace = path.join(folder, 'work');
  mkdirSync(workspace);
  const program = path.join(workspace, 'verbs');
  const source = path.join(root, 'bench/native/verbs.c');
  execFileSync('cc', ['-O2', '-Wall', '-Werror', '-pthread', '-o', program, source]);
  const policy = path.join(folder, 'all.cedar');
  writeFileSync(policy, 'permit(principal, action, resource);');
  const env = { ...process.env, HOME: folder, XDG_STATE_HOME: `${folder}/state`, XDG_CACHE_HOME: `${folder}/cache` };
  const run = (side: Side, command: readonly string[]): void => {
    const [file = '', ...args] = command;
    gather(side, execFileSync(file, [...args, program, String(COUNT)], { cwd: workspace, env, encoding: 'utf8' }));
  };
  const outside: Side = new Map();
  const inside: Side = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    run(outside, ['env']);
    run(inside, [path.join(root, 'leash'), '-q', '--policy', policy, '--']);
  }
  const rows = [...outside].map(([name, bare]) => {
    const governed = inside.get(name) ?? { p50: [], p99: [] };
    const figures = [bare.p50, bare.p99, governed.p50, governed.p99].map((values) => Number(median(values).toFixed(1)));
    const [bare50 = 0, bare99 = 0, inside50 = 0, inside99 = 0] = figures;
    return { name, bare50, bare99, inside50, inside99, added50: inside50 - bare50, added99: inside99 - bare99 };
  });
  console.log(`\nverbs (µs; medians of ${ROUNDS} rounds of ${COUNT})`);
  console.log(`  ${''.padEnd(30)} outside p50   p99   inside p50    p99    added p50    p99`);
  for (const { name, bare50, bare99, inside50, inside99, added50, added99 } of rows) {
    const text = [bare50, bare99, inside50, inside99, added50, added99].map((value) => value.toFixed(1).padStart(8));
    console.log(`  ${name.padEnd(30)}${text.join(' ')}`);
  }
  const file = path.join(root, 'bench/results/verbs.json');
  writeFileSync(file, `${JSON.stringify({ name: 'verbs', unit: 'µs', rounds: ROUNDS, rows }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
