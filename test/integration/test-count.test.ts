import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'leash-count-'));
  symlinkSync(path.join(CHECKOUT, 'node_modules'), path.join(dir, 'node_modules'));
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Runs vitest on these files as .ci/run does; lines of sum-counts.mjs, and its status. */
function count(files: Readonly<Record<string, string>>): { lines: readonly string[]; status: number | null } {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(path.join(dir, name), `import { beforeAll, expect, test } from 'vitest';\n${text}`);
  }
  const file = path.join(dir, 'someone.json');
  const reporter = path.join(CHECKOUT, 'scripts/count-reporter.mjs');
  const args = [path.join(CHECKOUT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', dir, '--reporter', reporter];
  // The variables of the vitest that runs this test are not for the one it starts.
  const env = { PATH: process.env['PATH'], HOME: dir, TEST_COUNT: file };
  spawnSync(process.execPath, args, { cwd: dir, env });
  const sum = spawnSync(process.execPath, [path.join(CHECKOUT, 'scripts/sum-counts.mjs'), file], { encoding: 'utf8' });
  const lines = sum.stdout
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('slowest'));
  return { lines, status: sum.status };
}

test('passed tests are counted, skipped ones named with their reason', () => {
  expect(
    count({
      'good.test.js': `
        test('one', () => expect(1).toBe(1));
        test('two', (context) => context.skip('no such kernel'));
        test.skip('three', () => {});`,
    }),
  ).toEqual({
    lines: [
      'skipped (someone): good.test.js > two: no such kernel',
      'skipped (someone): good.test.js > three: no reason given',
      '1 passed, 0 failed, 2 skipped',
    ],
    status: 0,
  });
});

const FAILURES = [
  expect.stringMatching(/^skipped \(someone\): hook\.test\.js > four/),
  expect.stringMatching(/^failed \(someone\): bad\.test\.js > one: expected 1 to be 2/),
  expect.stringMatching(/^failed \(someone\): no-module\.test\.js: .*nowhere/),
  expect.stringMatching(/^failed \(someone\): hook\.test\.js: no$/),
  expect.stringMatching(/^failed \(someone\): outside any test: stray/),
  '2 passed, 4 failed, 1 skipped',
];

test('what fails outside a test is a failure too', () => {
  expect(
    count({
      'bad.test.js': `test('one', () => expect(1).toBe(2)); test('two', () => {});`,
      'no-module.test.js': `import './nowhere.js';\ntest('three', () => {});`,
      'hook.test.js': `beforeAll(() => { throw new Error('no'); });\ntest('four', () => {});`,
      'stray.test.js': `test('five', async () => { Promise.reject(new Error('stray')); await new Promise((r) => setTimeout(r, 20)); });`,
    }),
  ).toMatchObject({ lines: expect.arrayContaining(FAILURES), status: 1 });
});

test('a run in which nothing passed is no success', () => {
  expect(count({ 'none.test.js': `test.skip('one', () => {});` })).toMatchObject({ status: 1 });
});
