// What putting credentials in and looking for them in answers costs: the proxy with none, one and ten; interleaved rounds, medians.
//
//   npm run bench -- secrets [rounds]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median } from './measure.ts';
import { bulk, keptAlive, type Measured } from './network/load.ts';
import { LOAD_CORE, Targets } from './network/targets.ts';
import type { Target } from './network/words.ts';

const ROUNDS = Number(process.argv[2] ?? 5);

/** Median processor µs of each target; for 100 MB: a MB. */
async function interleave(
  targets: readonly Target[],
  measure: (target: Target) => Promise<Measured>,
): Promise<Record<string, { readonly 'processor µs': number; readonly 'of none': number }>> {
  const all = targets.map(({ name }) => ({ name, values: [] as number[] }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, target] of targets.entries()) {
      const { processor } = await measure(target);
      if (round > 0) all[index]?.values.push(processor);
    }
  }
  const base = median(all[0]?.values ?? []);
  return Object.fromEntries(
    all.map(({ name, values }) => {
      const middle = median(values);
      return [name, { 'processor µs': Math.round(middle), 'of none': Math.round((middle / base) * 100) / 100 }];
    }),
  );
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
const targets = new Targets(folder);
try {
  execFileSync('taskset', ['-acp', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
  const origin = await targets.origin();
  const all = [
    await targets.leash(origin),
    await targets.leash(origin, 'inspect', 1),
    await targets.leash(origin, 'inspect', 10),
  ];
  const small = await interleave(all, (target) => keptAlive(target, 16, 4000));
  console.log('\nsmall requests, kept connections: a request');
  console.table(small);
  const large = await interleave(all, (target) => bulk(target, 100));
  console.log('\none answer of 100 MB: a MB');
  console.table(large);
  mkdirSync('bench/results', { recursive: true });
  const context = { node: process.version, cpus: os.cpus().length, rounds: ROUNDS, load: os.loadavg()[0] };
  writeFileSync('bench/results/secrets.json', `${JSON.stringify({ ...context, small, large }, null, 2)}\n`);
} finally {
  targets.end();
  rmSync(folder, { recursive: true, force: true });
}
