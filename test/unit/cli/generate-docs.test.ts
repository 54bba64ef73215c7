import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../journal/sample-session.ts';

const SCRIPT = fileURLToPath(new URL('../../../dist/cli/generate-docs.js', import.meta.url));

function generate(...args: readonly string[]): number | null {
  return spawnSync(process.execPath, [SCRIPT, ...args]).status;
}

test('pages are written, found current, and found stale when changed or missing', () => {
  const dir = path.join(temporaryFolder(), 'reference');
  expect(generate(dir, '--check')).toBe(1);
  expect(generate(dir)).toBe(0);
  expect(readdirSync(dir)).toEqual(['api.md', 'cli.md', 'errors.md', 'openapi.json', 'profiles.md', 'schema.md']);
  expect(generate(dir, '--check')).toBe(0);
  appendFileSync(path.join(dir, 'cli.md'), 'more');
  expect(generate(dir, '--check')).toBe(1);
  expect(generate(dir)).toBe(0);
  rmSync(path.join(dir, 'errors.md'));
  expect(generate('--check', dir)).toBe(1);
});
