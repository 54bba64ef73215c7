// Which agent the demo runs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chooseAgent } from '../../../../src/cli/demo/agent-choice.ts';
import type { Project } from '../../../../src/cli/demo/project.ts';

const project: Project = {
  workspace: '/w',
  mcpConfig: '',
  builtInAgent: '/w/agent/main.js',
  caFile: '',
  outsideFile: '',
  remove: () => {},
};

let folder: string;
const said: string[] = [];
const { XDG_DATA_HOME: before } = process.env;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'leash-choice-test-'));
  said.length = 0;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  // A file where the store should be: nothing can be installed.
  process.env['XDG_DATA_HOME'] = path.join(folder, 'file');
  writeFileSync(path.join(folder, 'file'), '');
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env['XDG_DATA_HOME'];
  else process.env['XDG_DATA_HOME'] = before;
});

test('the built-in agent is taken when it is asked for, without a word', async () => {
  const agent = await chooseAgent('built-in', project);
  expect(agent.command).toEqual(['node', project.builtInAgent]);
  expect(said).toEqual([]);
});

test('an agent that cannot be installed is replaced by the built-in one, and that is said in one line', async () => {
  const agent = await chooseAgent('claude', project);
  expect(agent.command).toEqual(['node', project.builtInAgent]);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(
    /^leash: claude cannot be installed \(.+\); the built-in scripted agent takes its place\.\n$/,
  );
});
