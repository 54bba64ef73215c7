// Count files (see count-reporter.mjs) in; every skip with its reason, every failure, then `N passed, N failed, N skipped` on stdout out.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const sum = { passed: 0, failed: 0, skipped: 0 };
const counts = process.argv
  .slice(2)
  .map((file) => ({ who: path.basename(file, '.json'), ...JSON.parse(readFileSync(file, 'utf8')) }));
for (const { who, skipped, slowest = [] } of counts) {
  for (const { test, reason } of skipped) console.log(`skipped (${who}): ${test}: ${reason}`);
  if (slowest.length > 0)
    console.log(`slowest (${who}): ${slowest.map(({ file, seconds }) => `${file} ${seconds} s`).join(', ')}`);
}
// Last, where nobody overlooks them.
for (const { who, passed, failed, skipped } of counts) {
  for (const failure of failed) console.log(`failed (${who}): ${failure}`);
  sum.passed += passed;
  sum.failed += failed.length;
  sum.skipped += skipped.length;
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
// A run without a test proves nothing.
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
