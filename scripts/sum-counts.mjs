// Count files (see count-reporter.mjs) in; every skip with its reason, then `N passed, N failed, N skipped` on stdout out.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const file of process.argv.slice(2)) {
  const count = JSON.parse(readFileSync(file, 'utf8'));
  const who = path.basename(file, '.json');
  for (const { test, reason } of count.skipped) console.log(`skipped (${who}): ${test}: ${reason}`);
  sum.passed += count.passed;
  sum.failed += count.failed;
  sum.skipped += count.skipped.length;
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
// A run without a test proves nothing.
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
