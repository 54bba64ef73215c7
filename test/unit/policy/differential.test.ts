// Compares the compiler with the official Cedar authorizer. LEASH_FUZZ_CASES and LEASH_FUZZ_SEED make it longer or different.
import { expect, test } from 'vitest';
import { runDifferential } from './differential.ts';

const CASES = Number(process.env['LEASH_FUZZ_CASES'] ?? 21_000);
const SEED = Number(process.env['LEASH_FUZZ_SEED'] ?? 20_261_125);

test(`closures, table image and Cedar agree on ${CASES} random requests`, { timeout: 3_600_000 }, () => {
  const tally = runDifferential(SEED, CASES);
  expect(tally.mismatches, tally.mismatches.join('\n')).toEqual([]);
  expect(tally.cases).toBeGreaterThanOrEqual(CASES);
  // A test that only ever saw denials, or never an error, would prove little.
  expect(tally.allowed / tally.cases).toBeGreaterThan(0.15);
  expect(tally.asked / tally.cases).toBeGreaterThan(0.01);
  expect(tally.withErrors / tally.cases).toBeGreaterThan(0.02);
  expect(tally.queries).toBeGreaterThan(0);
  expect(tally.queries / tally.cases).toBeLessThan(0.5);
});
