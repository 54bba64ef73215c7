// `npm run mutants:policy [-- NAME…]`: plants each bug of mutant-list.ts in a copy of the tree; status 1 when the fuzz misses one.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutant-list.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Some bugs show in one case of many thousands. */
const MAX_CASES = 120_000;
/** Longer than any of them takes. A bug that only makes the fuzz slow is not caught. */
const PATIENCE = 300_000;

/** The file with the bug in it. */
function mutated({ name, file, find, replace }: Mutant): string {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  if (text.split(find).length !== 2) throw new Error(`${name}: ${file} does not hold its text exactly once`);
  return text.replace(find, () => replace);
}

function plant(mutant: Mutant, folder: string): void {
  for (const part of ['src', 'test/unit/policy', 'test/fuzz', 'package.json', 'tsconfig.base.json']) {
    cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  writeFileSync(path.join(folder, mutant.file), mutated(mutant));
}

const running = new Set<ChildProcess>();

/** True when the fuzz ended by itself, with a mismatch or an error. */
function isCaught(mutant: Mutant): Promise<boolean> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-mutant-'));
  plant(mutant, folder);
  const args = ['--import', 'tsx', 'test/fuzz/one.ts', String(MAX_CASES)];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: 'ignore',
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
  });
  running.add(child);
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      running.delete(child);
      rmSync(folder, { recursive: true, force: true });
      resolve(code !== null && code !== 0);
    });
  });
}

const names = process.argv.slice(2);
const chosen = MUTANTS.filter(({ name }) => names.length === 0 || names.includes(name));
// A list that no longer fits the source is noticed before anything runs.
for (const mutant of chosen) mutated(mutant);
const queue = [...chosen];
let caught = 0;
const failed: string[] = [];

async function work(): Promise<void> {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const started = Date.now();
    const isFound = await isCaught(mutant);
    if (isFound) caught++;
    else failed.push(`not caught: ${mutant.name}`);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${isFound ? 'caught' : 'MISSED'}  ${mutant.name} (${seconds} s)`);
  }
}

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
await Promise.all(Array.from({ length: os.availableParallelism() }, work));
console.log(`${caught} of ${chosen.length} planted bugs caught`);
const count = process.env['TEST_COUNT'];
if (count !== undefined) writeFileSync(count, JSON.stringify({ passed: caught, failed, skipped: [] }));
process.exitCode = failed.length === 0 && chosen.length > 0 ? 0 : 1;
