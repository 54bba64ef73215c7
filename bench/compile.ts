// A policy text to a table: checked and compiled by a thread that knows nothing, and by one that knows the text before; and the walk.
//
//   npm run bench -- compile [rounds]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cedarSchema } from '../src/policy/cedar-schema.ts';
import { GuardedChecker } from '../src/policy/check/check-guarded.ts';
import { compileChecked } from '../src/policy/compile/compile-checked.ts';
import { TABLE_FILE, walkImage } from '../src/policy/compile/image.ts';
import { TableCompiler } from '../src/policy/compile/table.ts';
import { readPolicy } from '../src/policy/evaluate/policy.ts';
import { canonicalFacts } from '../src/policy/facts.ts';
import { today as day } from '../src/policy/load.ts';
import { generatedPolicies } from './generated-policies.ts';
import { median, type Row, report } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 3);
const SIZES = [10, 100, 1000, 10_000];
const EDITS = 15;
const WALKS = 50;
const FACTS = canonicalFacts({
  agent: 'claude',
  session: 's',
  user: 'u',
  workspace: '/home/u/project',
  home: '/home/u',
  tmp: '/tmp',
});
const root = fileURLToPath(new URL('../', import.meta.url));
const schema = cedarSchema();
const today = day();

/** Milliseconds. */
function timed<T>(act: () => T): { readonly ms: number; readonly result: T } {
  const start = process.hrtime.bigint();
  const result = act();
  return { ms: Number(process.hrtime.bigint() - start) / 1e6, result };
}

function rowOf(name: string, values: readonly number[]): Row {
  return { name, median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** Each edit adds a statement that no text before it held. */
function measureReloads(text: string): number[] {
  const [checker, table] = [new GuardedChecker(schema), new TableCompiler(FACTS)];
  const name = 'p.cedar';
  const load = (edited: string) => compileChecked(table, checker.check({ name, text: edited }, today), name);
  load(text);
  return Array.from({ length: EDITS }, (_, i) => {
    const added = `permit(principal, action in Action::"FileOpen", resource in Dir::"/srv/added${i}/");\n`;
    return timed(() => load(`${added}${text}`)).ms;
  });
}

/** Paths that the policies name and paths they do not; some 40 bytes each. */
function paths(size: number): string[] {
  return Array.from({ length: 1000 }, (_, i) => {
    const project = `/srv/team${i % 37}/project${(i * 7) % size}`;
    return [`${project}/config/settings3.json`, `${project}/vendor/lib/README.md`, `/usr/lib/python3/${i}/module.py`][
      i % 3
    ] as string;
  });
}

function compileWalk(folder: string): string {
  const target = path.join(folder, 'walk-loop');
  const native = path.join(root, 'native');
  const sources = [path.join(root, 'bench/native/walk-loop.c'), path.join(native, 'warden/table.c')];
  execFileSync('cc', ['-O2', '-Wall', '-Werror', `-I${native}/include`, '-o', target, ...sources]);
  return target;
}

function measureWalks(folder: string, walk: string, size: number, image: Uint8Array): Row[] {
  const names = paths(size);
  const [table, list] = [path.join(folder, 'table'), path.join(folder, 'paths')];
  writeFileSync(table, image);
  writeFileSync(list, names.join('\n'));
  const bytes = names.map((name) => new TextEncoder().encode(name));
  const inC = Array.from({ length: ROUNDS + 2 }, () =>
    Number(execFileSync(walk, [table, list, String(WALKS)], { encoding: 'utf8' }).split(' ')[0]),
  );
  const inTypeScript = Array.from({ length: ROUNDS + 2 }, () => {
    const { ms } = timed(() => {
      for (let i = 0; i < WALKS; i++) for (const each of bytes) walkImage(image, TABLE_FILE, each, 0);
    });
    return (ms * 1e6) / WALKS / names.length;
  });
  return [rowOf(`${size}: walk in C, ns`, inC), rowOf(`${size}: walk in TypeScript, ns`, inTypeScript.slice(2))];
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
try {
  const walk = compileWalk(folder);
  const rows: Row[] = [];
  const notes: string[] = [];
  // The first texts of a process pay for loading the library and for code that is not compiled yet.
  new GuardedChecker(schema).check({ name: 'p.cedar', text: generatedPolicies(100) }, today);
  for (const size of SIZES) {
    const text = generatedPolicies(size);
    const check: number[] = [];
    const compile: number[] = [];
    let image: Uint8Array = new Uint8Array();
    for (let round = 0; round < ROUNDS; round++) {
      const checked = timed(() => new GuardedChecker(schema).check({ name: 'p.cedar', text }, today));
      const policies = checked.result.policies.map(readPolicy);
      const compiled = timed(() => new TableCompiler(FACTS).compile(policies));
      check.push(checked.ms);
      compile.push(compiled.ms);
      image = compiled.result;
    }
    rows.push(rowOf(`${size}: check, ms`, check), rowOf(`${size}: compile, ms`, compile));
    rows.push(rowOf(`${size}: reload one edit, ms`, measureReloads(text)));
    rows.push(...measureWalks(folder, walk, size, image));
    const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
    notes.push(`${size} policies: text ${text.length} bytes, table ${image.length} bytes; process ${memory} MB`);
  }
  notes.push(`load average ${os.loadavg()[0]?.toFixed(1)} on ${os.cpus().length} cores`);
  report('compile', 'ms, ns where said', rows, '1000: reload one edit, ms', notes);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
