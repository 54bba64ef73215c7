// Interleaved rounds of commands in, medians and their ratios out: a noisy machine disturbs all alike.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Series {
  readonly name: string;
  /** One measurement, in the unit of the bench. */
  readonly measure: () => number;
}

export interface Row {
  readonly name: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs all series once per round, `rounds` times, after one round that does not count. */
export function interleave(series: readonly Series[], rounds: number): Row[] {
  const values = new Map(series.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, measure } of series) {
      const value = measure();
      if (round > 0) values.get(name)?.push(value);
    }
  }
  return [...values].map(([name, all]) => ({
    name,
    median: median(all),
    min: Math.min(...all),
    max: Math.max(...all),
  }));
}

/** Two rows of one run that prints its median and its 99th percentile: the second is taken from the first's run. */
export function medianAndHigh(name: string, run: () => string): Series[] {
  let ninetyNinth = Number.NaN;
  const measure = (): number => {
    const [middle = Number.NaN, high = Number.NaN] = run().split(' ').map(Number);
    ninetyNinth = high;
    return middle;
  };
  return [
    { name, measure },
    { name: `${name}, p99`, measure: () => ninetyNinth },
  ];
}

/** Milliseconds from start to exit; the command must succeed. */
export function wallTime(command: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): number {
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...options,
  });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (error || status !== 0) throw new Error(`${command.join(' ')}: ${error?.message ?? stderr}`);
  return elapsed;
}

/** Milliseconds of processor time, user and system, of a command and all that it waited for: what a busy machine disturbs least. */
export function processorTime(
  command: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): number {
  const timed = `TIMEFORMAT='%3U %3S'; time "$0" "$@"`;
  const { status, stderr } = spawnSync('bash', ['-c', timed, ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    ...options,
  });
  const [, user = '', system = ''] = /([\d.]+) ([\d.]+)\n$/.exec(stderr) ?? [];
  if (status !== 0 || user === '') throw new Error(`${command.join(' ')}: ${stderr}`);
  return (Number(user) + Number(system)) * 1000;
}

export function findRow(rows: readonly Row[], name: string): Row {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new Error(`no series ${name}`);
  return row;
}

/** Prints a table with each row's ratio to `base`, and keeps the figures in bench/results/NAME.json. */
export function report(name: string, unit: string, rows: readonly Row[], base: string, notes: readonly string[]): void {
  const reference = findRow(rows, base).median;
  console.log(`\n${name} (${unit}; median, min–max of the rounds; ratio to ${base})`);
  for (const row of rows) {
    const figures = [row.median, row.min, row.max].map((value) => value.toFixed(value < 100 ? 1 : 0));
    console.log(
      `  ${row.name.padEnd(34)} ${figures[0]?.padStart(9)}  ${`${figures[1]}–${figures[2]}`.padEnd(18)} ${(row.median / reference).toFixed(2)}`,
    );
  }
  for (const note of notes) console.log(`  ${note}`);
  const folder = fileURLToPath(new URL('results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ name, unit, base, rows, notes }, null, 2)}\n`);
}
