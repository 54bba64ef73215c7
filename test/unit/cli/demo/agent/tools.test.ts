// The tools of the built-in agent do what their names say.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { McpServer } from '../../../../../src/cli/demo/agent/mcp.ts';
import { mcpTools, OWN_TOOLS } from '../../../../../src/cli/demo/agent/tools.ts';

const NOTES = fileURLToPath(new URL('../../../../fixtures/mcp-notes.mjs', import.meta.url));

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'leash-tools-test-'));
  file = path.join(folder, 'a.txt');
  writeFileSync(file, 'one two one');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function use(name: string, args: Record<string, string>): Promise<string | undefined> {
  return OWN_TOOLS.find((tool) => tool.name === name)?.run(args);
}

test('Bash gives both outputs, and fails with the status of the command', async () => {
  expect(await use('Bash', { command: 'echo out; echo err >&2' })).toMatch(/out\nerr\n|err\nout\n/);
  await expect(use('Bash', { command: 'echo why; exit 3' })).rejects.toThrow('Exit code 3\nwhy');
});

test('Read and Write', async () => {
  await use('Write', { file_path: file, content: 'new' });
  expect(await use('Read', { file_path: file })).toBe('new');
  await expect(use('Read', { file_path: `${file}.missing` })).rejects.toThrow('ENOENT');
});

test('Edit replaces the only occurrence, and refuses to guess', async () => {
  await use('Edit', { file_path: file, old_string: 'two', new_string: '$& 2' });
  expect(readFileSync(file, 'utf8')).toBe('one $& 2 one');
  await expect(use('Edit', { file_path: file, old_string: 'one', new_string: '1' })).rejects.toThrow('2 times');
  await expect(use('Edit', { file_path: file, old_string: 'three', new_string: '3' })).rejects.toThrow('0 times');
});

test('the tools of an MCP server', async () => {
  const notes = path.join(folder, 'NOTES.md');
  const server = new McpServer('notes', { command: process.execPath, args: [NOTES, notes] });
  try {
    const [tool] = await mcpTools(server);
    expect(tool?.name).toBe('mcp__notes__add_note');
    expect(await tool?.run({ text: 'hello' })).toContain('Noted: hello');
    expect(readFileSync(notes, 'utf8')).toBe('hello\n');
    await expect(tool?.run({})).rejects.toThrow('needs a text');
  } finally {
    server.close();
  }
});
