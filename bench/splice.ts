// What it costs to look: one server direct, through TLS that stays closed, and through TLS that is opened; interleaved rounds, medians.
//
//   npm run bench -- splice [rounds]
//
// The proxies are pinned to one core, the origin and the load to the other. On a busy machine only processor times can be compared.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median } from './measure.ts';
import { bulk, keptAlive, type Measured, newConnections, resumedConnections } from './network/load.ts';
import { LOAD_CORE, Targets } from './network/targets.ts';
import type { Target } from './network/words.ts';

const ROUNDS = Number(process.argv[2] ?? 5);

const QUESTIONS: Readonly<Record<string, (target: Target) => Promise<Measured>>> = {
  'small requests on 16 kept connections': (target) => keptAlive(target, 16, 8000),
  'a new connection for each request, full handshake': (target) => newConnections(target, 300),
  'a new connection for each request, session resumed': (target) => resumedConnections(target, 300),
  'one answer of 100 MB, for each MB': (target) => bulk(target, 100),
};

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
const targets = new Targets(folder);
try {
  execFileSync('taskset', ['-acp', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
  const origin = await targets.origin();
  const all = [origin, await targets.leash(origin, 'splice'), await targets.leash(origin)];
  const results: Record<string, Record<string, Record<string, number>>> = {};
  for (const [question, measure] of Object.entries(QUESTIONS)) {
    const measured = new Map(all.map(({ name }) => [name, [] as Measured[]]));
    // The first round warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const target of all) {
        const one = await measure(target);
        if (round > 0) measured.get(target.name)?.push(one);
      }
    }
    const middle = (name: string, key: keyof Measured): number =>
      median((measured.get(name) ?? []).map((each) => each[key]));
    results[question] = Object.fromEntries(
      all.map(({ name }) => [
        name,
        {
          'per second': Math.round(middle(name, 'perSecond')),
          'of direct': Math.round((middle(name, 'perSecond') / middle(origin.name, 'perSecond')) * 100) / 100,
          'processor µs': Math.round(middle(name, 'processor')),
        },
      ]),
    );
    console.log(`\n${question}`);
    console.table(results[question]);
  }
  mkdirSync('bench/results', { recursive: true });
  const context = { node: process.version, cpus: os.cpus().length, rounds: ROUNDS, load: os.loadavg()[0] };
  writeFileSync('bench/results/splice.json', `${JSON.stringify({ ...context, results }, null, 2)}\n`);
} finally {
  targets.end();
  rmSync(folder, { recursive: true, force: true });
}
