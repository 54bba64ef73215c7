// A number of cases as argument; status 1 at the first mismatch. What mutants.ts runs in each copy.
import { runDifferential } from '../unit/policy/differential.ts';

const SEED_CASES = 3_000;
const cases = Number(process.argv[2]);
for (let seed = 1; (seed - 1) * SEED_CASES < cases; seed++) {
  if (runDifferential(seed, SEED_CASES).mismatches.length > 0) process.exit(1);
}
