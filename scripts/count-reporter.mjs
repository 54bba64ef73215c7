// A vitest run in; passed, failed and skipped tests, each skip with its reason, as JSON in the file TEST_COUNT names out.
import { writeFileSync } from 'node:fs';

/** A module that cannot be loaded, or a hook that throws, runs no test of its own, and yet something failed. */
function brokenSuites(testModules) {
  let broken = 0;
  for (const module of testModules) {
    broken += module.errors().length;
    for (const suite of module.children.allSuites()) broken += suite.errors().length;
  }
  return broken;
}

export default class CountReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length + brokenSuites(testModules), skipped: [] };
    for (const module of testModules) {
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') count.passed += 1;
        else if (state === 'skipped') {
          count.skipped.push({
            test: `${module.relativeModuleId} > ${test.fullName}`,
            reason: note ?? 'no reason given',
          });
        } else count.failed += 1;
      }
    }
    writeFileSync(process.env.TEST_COUNT, JSON.stringify(count));
  }
}
