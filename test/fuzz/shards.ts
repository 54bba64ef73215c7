// A number of cases in; the tallies of as many processes as there are processors, each with its own seeds, added up.
import { type ChildProcess, fork } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Tally } from '../unit/policy/differential.ts';

/** Cases of one seed: small enough that a mismatch is found again quickly. */
const SEED_CASES = 6_000;

const NONE: Tally = { cases: 0, allowed: 0, asked: 0, withErrors: 0, queries: 0, tooComplex: 0, mismatches: [] };

function add(a: Tally, b: Tally): Tally {
  return {
    cases: a.cases + b.cases,
    allowed: a.allowed + b.allowed,
    asked: a.asked + b.asked,
    withErrors: a.withErrors + b.withErrors,
    queries: a.queries + b.queries,
    tooComplex: a.tooComplex + b.tooComplex,
    mismatches: [...a.mismatches, ...b.mismatches],
  };
}

function start(onTally: (shard: ChildProcess, tally: Tally) => void): { shard: ChildProcess; ended: Promise<void> } {
  const shard = fork(fileURLToPath(new URL('./shard.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  shard.on('message', (tally: Tally) => onTally(shard, tally));
  const ended = new Promise<void>((resolve, reject) => {
    shard.once('error', reject);
    shard.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`a fuzz process ended by ${signal ?? `status ${code}`}`)),
    );
  });
  return { shard, ended };
}

/**
 * Runs seeds `seed`, `seed + 1`, … until `cases` requests were compared or one mismatched. `progress` hears of every finished seed.
 * @throws {Error} when a process dies
 */
export async function fuzz(
  cases: number,
  seed: number,
  progress: (sum: Tally) => void = () => undefined,
): Promise<Tally> {
  let sum = NONE;
  let planned = 0;
  let nextSeed = seed;
  const hand = (shard: ChildProcess): void => {
    if (planned >= cases || sum.mismatches.length > 0) {
      shard.disconnect();
      return;
    }
    const share = Math.min(SEED_CASES, cases - planned);
    planned += share;
    shard.send({ seed: nextSeed++, cases: share });
  };
  const shards = Array.from({ length: Math.min(os.availableParallelism(), Math.ceil(cases / SEED_CASES)) }, () =>
    start((shard, tally) => {
      sum = add(sum, tally);
      progress(sum);
      hand(shard);
    }),
  );
  for (const { shard } of shards) hand(shard);
  try {
    await Promise.all(shards.map(({ ended }) => ended));
  } finally {
    for (const { shard } of shards) shard.kill();
  }
  return sum;
}
