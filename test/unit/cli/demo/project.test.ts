// The demo's project: it has the fault it claims, and leaves nothing behind.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createProject, FAULT, type Project, SECRET, sourceFile } from '../../../../src/cli/demo/project.ts';
import { surroundingsOf } from '../../../../src/cli/demo/surroundings.ts';

let folder: string;
let project: Project;
const { XDG_DATA_HOME: before } = process.env;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'leash-project-test-'));
  process.env['XDG_DATA_HOME'] = folder;
  project = createProject();
});

afterEach(() => {
  project.remove();
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env['XDG_DATA_HOME'];
  else process.env['XDG_DATA_HOME'] = before;
});

function runTest(): number | null {
  // Inside a test runner, node --test would report to it.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  return spawnSync(process.execPath, ['--test'], { cwd: project.workspace, env, stdio: 'ignore' }).status;
}

test('its test fails, and passes once the fault is repaired', () => {
  expect(runTest()).toBe(1);
  const source = readFileSync(sourceFile(project.workspace), 'utf8');
  expect(source.split(FAULT.old)).toHaveLength(2);
  writeFileSync(sourceFile(project.workspace), source.replace(FAULT.old, FAULT.fixed));
  expect(runTest()).toBe(0);
});

test('holds the secret, and the built-in agent with everything it imports', () => {
  expect(readFileSync(path.join(project.workspace, 'secrets/prod.key'), 'utf8')).toContain(SECRET);
  execFileSync(process.execPath, ['--check', project.builtInAgent]);
  const imports = readFileSync(project.builtInAgent, 'utf8').matchAll(/from '(?<from>\.[^']+)'/g);
  for (const { groups } of imports) {
    expect(existsSync(path.join(path.dirname(project.builtInAgent), groups?.['from'] ?? ''))).toBe(true);
  }
});

test('the file to be deleted is its own, outside the workspace', () => {
  expect(readFileSync(project.outsideFile, 'utf8')).toBe('made by leash demo\n');
  expect(project.outsideFile.startsWith(path.join(folder, 'leash/agents/'))).toBe(true);
  expect(surroundingsOf(project).outsideFile).toBe(project.outsideFile);
});

test('the MCP configuration names a server that is there', () => {
  const config = JSON.parse(readFileSync(project.mcpConfig, 'utf8')) as { mcpServers: { notes: { args: string[] } } };
  expect(existsSync(config.mcpServers.notes.args[0] ?? '')).toBe(true);
});

test('remove leaves nothing', () => {
  project.remove();
  expect(existsSync(path.dirname(project.workspace))).toBe(false);
  expect(readdirSync(path.join(folder, 'leash/agents'))).toEqual([]);
});
