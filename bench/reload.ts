// An edit of the policy file of a running session: from the end of its write(2) to the first changed verdict that the agent sees.
//
//   npm run bench -- reload [edits] [policies]
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { generatedPolicies } from './generated-policies.ts';
import { median, report } from './measure.ts';

const EDITS = Number(process.argv[2] ?? 200);
const POLICIES = Number(process.argv[3] ?? 1000);
/** The thread is warm by then; the agent goes on meanwhile. */
const WARM_MS = 6000;
const MAX_SECONDS = 500;
const root = fileURLToPath(new URL('../', import.meta.url));

const BASE = `permit(principal, action in Action::"FileOpen", resource);
permit(principal, action == Action::"ProcessExec", resource);
`;

/** Each text holds a statement that none before it held; every other one forbids the file. */
function textOf(edit: number, data: string, policies: string): string {
  const added =
    edit % 2 === 1
      ? `@id("closed") @reason("edit ${edit}") forbid(principal, action in Action::"FileOpen", resource == File::"${data}");`
      : `permit(principal, action in Action::"FileOpen", resource in Dir::"/srv/added${edit}/");`;
  return `${BASE}${added}\n${policies}`;
}

/** The agent's lines, one transition each. */
class Transitions {
  readonly #lines: AsyncIterator<string>;

  constructor(child: ChildProcess) {
    if (child.stdout === null) throw new Error('no stdout');
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** CLOCK_MONOTONIC in ns, as process.hrtime. */
  async next(state: string): Promise<bigint> {
    const { value, done } = await this.#lines.next();
    const [time, seen] = done ? [] : (value as string).split(' ');
    if (seen !== state) throw new Error(`the agent saw ${seen ?? 'its end'} instead of ${state}`);
    return BigInt(time ?? 0);
  }
}

/** In place, with one write(2). Returns when it was complete. */
function edit(file: string, text: string): bigint {
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, text);
  const written = process.hrtime.bigint();
  closeSync(descriptor);
  return written;
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * q) - 1] ?? Number.NaN;
}

async function measureEdits(file: string, data: string, transitions: Transitions): Promise<number[]> {
  const policies = generatedPolicies(POLICIES);
  const latencies: number[] = [];
  await transitions.next('open');
  await sleep(WARM_MS);
  for (let i = 1; i <= EDITS; i++) {
    const written = edit(file, textOf(i, data, policies));
    const seen = await transitions.next(i % 2 === 1 ? 'closed' : 'open');
    latencies.push(Number(seen - written) / 1e6);
    // Not in step with any timer of the other side.
    await sleep(40 + Math.random() * 60);
  }
  return latencies;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
let child: ChildProcess | undefined;
try {
  const workspace = path.join(folder, 'work');
  mkdirSync(workspace);
  const data = path.join(workspace, 'data');
  writeFileSync(data, 'x');
  const loop = path.join(workspace, 'open-transitions');
  execFileSync('cc', ['-O2', '-Wall', '-Werror', '-o', loop, path.join(root, 'bench/native/open-transitions.c')]);
  const file = path.join(folder, 'policy.cedar');
  writeFileSync(file, textOf(0, data, generatedPolicies(POLICIES)));
  const env = {
    ...process.env,
    HOME: folder,
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
  };
  child = spawn(path.join(root, 'leash'), ['-q', '--policy', file, '--', loop, data, String(MAX_SECONDS)], {
    cwd: workspace,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const latencies = await measureEdits(file, data, new Transitions(child));
  const [p50, p99] = [median(latencies), quantile(latencies, 0.99)];
  const name = `write(2) of ${POLICIES} policies → changed verdict`;
  const row = { name, median: p50, min: Math.min(...latencies), max: Math.max(...latencies) };
  report(`reload-${POLICIES}`, 'ms', [row], name, [
    `${EDITS} edits: p50 ${p50.toFixed(1)}, p90 ${quantile(latencies, 0.9).toFixed(1)}, p99 ${p99.toFixed(1)}; target p99 ≤ 100 at 1,000 policies`,
    `load average ${os.loadavg()[0]?.toFixed(1)} on ${os.cpus().length} cores`,
  ]);
} finally {
  const ended = new Promise((resolve) => child?.once('exit', resolve) ?? resolve(undefined));
  child?.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
