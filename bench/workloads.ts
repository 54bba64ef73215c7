// Whole programs, outside and inside with every operation decided and recorded: wall-clock time, and how much of the bare speed is left.
//
//   npm run bench -- workloads [rounds] [name…]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { REGISTRY_HOST } from '../test/fixtures/npm-registry.ts';
import { median, wallTime } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const CHOSEN = process.argv.slice(3);
const PACKAGES = 300;
const TARGET = 0.85;
const root = fileURLToPath(new URL('../', import.meta.url));

interface Bench {
  readonly name: string;
  /** A line for `sh -c`, run in the folder of the bench. */
  readonly script: string;
  readonly prepare: (folder: string) => void;
  /** Before each run, outside the time. */
  readonly reset?: string;
  readonly args?: readonly string[];
  readonly inside?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

function writeFiles(folder: string, count: number, inFolder: number): void {
  for (let index = 0; index < count; index++) {
    const place = path.join(folder, `d${Math.floor(index / inFolder)}`);
    if (index % inFolder === 0) mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, `file-${index}.txt`), `${`line of file ${index}\n`.repeat(40)}`);
  }
}

const registry = spawn(process.execPath, ['--import', 'tsx', 'bench/registry-server.ts', String(PACKAGES)], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
try {
  const lines: string[] = [];
  for await (const line of createInterface({ input: registry.stdout })) if (lines.push(line) === 3) break;
  const [port = '', lock = '', project = ''] = lines;
  const benches: readonly Bench[] = [
    {
      name: 'git status, 10,000 files',
      script: 'git status --porcelain',
      prepare: (place) => {
        writeFiles(place, 10_000, 100);
        const git = ['-c', 'user.name=b', '-c', 'user.email=b@example.org', '-c', 'gc.auto=0'];
        for (const words of [
          ['init', '-q'],
          ['add', '.'],
          [...git, 'commit', '-qm', 'all'],
        ]) {
          execFileSync('git', words, { cwd: place });
        }
      },
    },
    {
      name: `npm ci, ${PACKAGES} packages`,
      script: 'npm ci >log',
      reset: 'rm -rf node_modules',
      prepare: (place) => {
        writeFileSync(path.join(place, 'package.json'), project);
        writeFileSync(path.join(place, 'package-lock.json'), lock);
      },
      env: {
        npm_config_registry: `http://127.0.0.1:${port}/`,
        npm_config_replace_registry_host: 'always',
        npm_config_audit: 'false',
        npm_config_fund: 'false',
        npm_config_update_notifier: 'false',
        npm_config_cache: path.join(folder, 'npm/.npm'),
      },
      args: ['--resolve', `${REGISTRY_HOST}:80:127.0.0.1:${port}`],
      inside: { npm_config_registry: `http://${REGISTRY_HOST}/` },
    },
    {
      name: 'tsc -b of this repository',
      script: 'node node_modules/typescript/bin/tsc -b src/cli',
      reset: 'rm -rf dist',
      prepare: (place) => {
        execFileSync('cp', ['-r', `${root}src`, `${root}tsconfig.base.json`, `${root}package.json`, place]);
        symlinkSync(path.join(root, 'node_modules'), path.join(place, 'node_modules'));
      },
    },
    {
      name: 'grep -r, 50,000 files',
      script: 'grep -rc nothing-of-this-kind . | tail -1',
      prepare: (place) => writeFiles(place, 50_000, 500),
    },
  ];
  const chosen = benches.filter(({ name }) => CHOSEN.length === 0 || CHOSEN.some((word) => name.includes(word)));
  const policy = path.join(folder, 'all.cedar');
  writeFileSync(policy, 'permit(principal, action, resource);');
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const places = chosen.map((bench, index) => {
    const place = path.join(folder, `bench-${index}`);
    mkdirSync(place);
    bench.prepare(place);
    return place;
  });
  const times = chosen.map(() => ({ outside: [] as number[], inside: [] as number[], session: [] as number[] }));
  // What the script takes by its own clock: a session lasts many commands, and starts once.
  const timed = (script: string): string => `s=$(date +%s%N); ${script}; e=$(date +%s%N); echo $((e - s)) >.clock`;
  const elapsed = (place: string): number => {
    const file = path.join(place, '.clock');
    const nanoseconds = Number(readFileSync(file, 'utf8'));
    rmSync(file);
    return nanoseconds / 1e6;
  };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, { script, reset, args = [], env = {}, inside = {} }] of chosen.entries()) {
      const cwd = places[index] ?? '';
      const base = { ...process.env, HOME: home, XDG_STATE_HOME: `${folder}/state`, ...env };
      const clear = (): void => void (reset && execFileSync('sh', ['-c', reset], { cwd }));
      clear();
      wallTime(['sh', '-c', timed(script)], { cwd, env: base });
      const outside = elapsed(cwd);
      clear();
      const command = [path.join(root, 'leash'), '-q', '--policy', policy, ...args, '--', 'sh', '-c', timed(script)];
      const session = wallTime(command, { cwd, env: { ...base, ...inside } });
      const governed = elapsed(cwd);
      if (round === 0) continue; // caches are warm from here on
      times[index]?.outside.push(outside);
      times[index]?.inside.push(governed);
      times[index]?.session.push(session);
    }
  }
  console.log(
    `\nworkloads (ms; medians of ${ROUNDS} rounds; outside, inside, inside with start and end of the session; target: inside ${TARGET} of bare)`,
  );
  const rows = chosen.map(({ name }, index) => {
    const outside = median(times[index]?.outside ?? []);
    const inside = median(times[index]?.inside ?? []);
    const session = median(times[index]?.session ?? []);
    return { name, outside, inside, session, ofBare: outside / inside };
  });
  for (const { name, outside, inside, session, ofBare } of rows) {
    console.log(
      `  ${name.padEnd(30)} ${outside.toFixed(0).padStart(7)} ${inside.toFixed(0).padStart(7)} ${session.toFixed(0).padStart(7)}  ${ofBare.toFixed(2)}`,
    );
  }
  const file = path.join(root, 'bench/results/workloads.json');
  writeFileSync(file, `${JSON.stringify({ name: 'workloads', unit: 'ms', rounds: ROUNDS, rows }, null, 2)}\n`);
} finally {
  registry.kill();
  await once(registry, 'close');
  rmSync(folder, { recursive: true, force: true });
}
