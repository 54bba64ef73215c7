// `npm run fuzz:native -- [--inputs N] [--seed S]`: N inputs for each program of native/fuzz, under sanitizers; status 1 when one of them fails.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeTables } from './table-corpus.ts';

const PROGRAMS = fileURLToPath(new URL('../../native/build/fuzz/', import.meta.url));

const { values } = parseArgs({ options: { inputs: { type: 'string', default: '1000000' }, seed: { type: 'string' } } });
const inputs = Number(values.inputs);
// A different seed each day finds more in time; the one used is printed.
const seed = Number(values.seed ?? Math.floor(Date.now() / 86_400_000));
if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed) || seed < 0) {
  console.error('usage: npm run fuzz:native -- [--inputs N] [--seed S], both whole numbers');
  process.exit(2);
}

/** True: the program read all its inputs and found nothing. */
async function fuzz(name: string, corpus: readonly string[]): Promise<boolean> {
  const child = spawn(path.join(PROGRAMS, name), ['--inputs', String(inputs), '--seed', String(seed), ...corpus], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  console.log(`${[name, ...corpus.filter((word) => !path.isAbsolute(word))].join(' ')}: ${said.trim() || 'failed'}`);
  return status === 0;
}

const folder = mkdtempSync(path.join(tmpdir(), 'leash-fuzz-'));
try {
  const tables = await writeTables(folder);
  // One after the other for each processor of a small machine.
  const lanes: readonly (readonly (readonly [string, readonly string[]])[])[] = [
    [
      ['frames', tables],
      ['tables', tables],
      ['messages', []],
      ['memory', []],
      ['ancillary', []],
    ],
    [
      ['paths', []],
      ['paths', ['moving']],
    ],
  ];
  const runs = lanes.flat();
  const failed: string[] = [];
  const run = async (lane: (typeof lanes)[number]): Promise<void> => {
    for (const [name, corpus] of lane) if (!(await fuzz(name, corpus))) failed.push([name, ...corpus].join(' '));
  };
  await Promise.all(lanes.map(run));
  const passed = runs.length - failed.length;
  const count = process.env['TEST_COUNT'];
  if (count !== undefined) writeFileSync(count, JSON.stringify({ passed, failed, skipped: [] }));
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
