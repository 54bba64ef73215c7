// A vitest run in; passed tests, what failed and why, skipped tests with their reason, and the slowest files, as JSON in the file TEST_COUNT names out.
import { writeFileSync } from 'node:fs';

const SLOWEST = 12;
/** Of an error: what was expected, not the whole of what came. */
const MAX_LINES = 24;
const MAX_CHARACTERS = 1500;

const plain = (text) => text.replace(/\x1b\[[\d;]*m/g, '');

function wordsOf({ message = 'no message', diff }) {
  const text = plain(diff === undefined ? message : `${message}\n${diff}`).slice(0, MAX_CHARACTERS);
  return text.split('\n').slice(0, MAX_LINES).join('\n  ');
}

/** A module that cannot be loaded, or a hook that throws, runs no test of its own, and yet something failed. */
function brokenSuites(testModules) {
  const broken = [];
  for (const module of testModules) {
    for (const part of [module, ...module.children.allSuites()])
      broken.push(...part.errors().map((error) => `${module.relativeModuleId}: ${wordsOf(error)}`));
  }
  return broken;
}

export default class CountReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const failed = [
      ...unhandledErrors.map((error) => `outside any test: ${wordsOf(error)}`),
      ...brokenSuites(testModules),
    ];
    const count = { passed: 0, failed, skipped: [] };
    for (const module of testModules) {
      for (const test of module.children.allTests()) {
        const { state, note, errors } = test.result();
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        if (state === 'passed') count.passed += 1;
        else if (state === 'skipped')
          count.skipped.push({ test: name, reason: note ?? test.meta().reason ?? 'no reason given' });
        else failed.push(`${name}: ${wordsOf(errors?.[0] ?? { message: 'it did not end' })}`);
      }
    }
    count.slowest = testModules
      .map((module) => ({ file: module.relativeModuleId, seconds: Math.round(module.diagnostic().duration / 1000) }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, SLOWEST);
    writeFileSync(process.env.TEST_COUNT, JSON.stringify(count));
  }
}
