// `npm run fuzz:policy -- --cases N [--seed S]`: N random requests decided by Leash and by the official Cedar authorizer; status 1 on a mismatch.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fuzz } from './shards.ts';

const { values } = parseArgs({ options: { cases: { type: 'string', default: '200000' }, seed: { type: 'string' } } });
const cases = Number(values.cases);
// A different seed each day finds more in time; the one used is printed.
const seed = Number(values.seed ?? Math.floor(Date.now() / 86_400_000) * 1_000_000);
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run fuzz:policy -- [--cases N] [--seed S], both whole numbers');
  process.exit(2);
}

const STEP = 50_000;
let announced = 0;
const sum = await fuzz(cases, seed, (soFar) => {
  if (soFar.cases - announced < STEP) return;
  announced = soFar.cases;
  console.log(`${soFar.cases} cases, ${soFar.mismatches.length} mismatches`);
});
for (const mismatch of sum.mismatches.slice(0, 3)) console.log(mismatch);
console.log(
  `${sum.cases} cases from seed ${seed}, ${sum.mismatches.length} mismatches; ${sum.allowed} allowed, ${sum.asked} ask a person, ` +
    `${sum.withErrors} with a Cedar runtime error, ${sum.queries} left to the manager by the table`,
);
const isSound = sum.mismatches.length === 0;
const count = process.env['TEST_COUNT'];
if (count !== undefined)
  writeFileSync(
    count,
    JSON.stringify({ passed: +isSound, failed: sum.mismatches.slice(0, 3).map(String), skipped: [] }),
  );
process.exitCode = isSound ? 0 : 1;
