import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runLeash } from './run-leash.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

test.each([[['--version']], [['version']]])('leash %j', (args) => {
  expect(runLeash(args)).toEqual({ status: 0, stdout: `leash ${version}\n`, stderr: '' });
});

test.each([[['--help']], [['-h']], [['help']]])('leash %j is the overview', (args) => {
  const { status, stdout, stderr } = runLeash(args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^leash: run an agent/);
  expect(stdout).toMatch(/^ {2}doctor /m);
});

test.each([[['events', '--help']], [['help', 'events']]])('leash %j explains events', (args) => {
  expect(runLeash(args).stdout).toMatch(/^Show what an agent did[\s\S]*--denied[\s\S]*Exit status:/);
});

test.each([
  [
    ['--polcy', 'x', 'claude'],
    125,
    /^leash: LEASH_USAGE: unknown option --polcy; did you mean --policy\?\n {2}hint: .*\n$/,
  ],
  [['run', '--polcy', 'x'], 125, /^leash: LEASH_USAGE: unknown option --polcy/],
  [[], 125, /^leash: LEASH_COMMAND_MISSING: /],
  [['--quiet'], 125, /^leash: LEASH_COMMAND_MISSING: /],
  [['events', '--folow'], 2, /^leash: LEASH_USAGE: unknown option --folow; did you mean --follow\?/],
  [['sessions', 'x'], 2, /^leash: LEASH_USAGE: unexpected word "x"/],
  [['help', 'evnets'], 2, /^leash: LEASH_USAGE: there is no command "evnets"; did you mean events\?/],
])('leash %j is refused', (args, status, message) => {
  const outcome = runLeash(args);
  expect(outcome).toEqual({ status, stdout: '', stderr: expect.stringMatching(message) });
});

test('no failure shows a stack', () => {
  for (const args of [['--x'], ['events', '--x'], ['events', '--session', 'none']])
    expect(runLeash(args).stderr).not.toMatch(/\n +at /);
});
