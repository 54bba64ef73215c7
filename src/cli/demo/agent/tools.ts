// A tool's name and arguments, as a model gives them, enter; the work is done, and text for the model leaves.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { McpServer } from './mcp.ts';

/** A tool of this agent, under the names that claude-code uses, so that one script drives both. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input_schema: object;
  readonly run: (args: Readonly<Record<string, unknown>>) => Promise<string>;
}

const COMMAND_TIMEOUT_MS = 60_000;
const MAX_OUTPUT = 30_000;

const schemaOf = (...names: readonly string[]): object => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
});

/** Runs a shell command. Rejects, with its output, when it fails. */
function runCommand(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], timeout: COMMAND_TIMEOUT_MS });
    let output = '';
    const keep = (chunk: string): void => {
      output = (output + chunk).slice(0, MAX_OUTPUT);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', reject);
    child.once('close', (status, signal) => {
      if (status === 0) resolve(output);
      else reject(new Error(`Exit code ${status ?? signal}\n${output}`));
    });
  });
}

/** Replaces the only occurrence of one text by another. */
function editFile(file: string, old: string, replacement: string): string {
  const parts = readFileSync(file, 'utf8').split(old);
  if (parts.length !== 2) throw new Error(`old_string occurs ${parts.length - 1} times in ${file}`);
  writeFileSync(file, parts.join(replacement));
  return `${file} has been updated`;
}

export const OWN_TOOLS: readonly Tool[] = [
  {
    name: 'Bash',
    description: 'Runs a shell command.',
    input_schema: schemaOf('command'),
    run: ({ command }) => runCommand(String(command)),
  },
  {
    name: 'Read',
    description: 'Reads a file.',
    input_schema: schemaOf('file_path'),
    run: async ({ file_path: file }) => readFileSync(String(file), 'utf8'),
  },
  {
    name: 'Write',
    description: 'Writes a file.',
    input_schema: schemaOf('file_path', 'content'),
    run: async ({ file_path: file, content }) => {
      writeFileSync(String(file), String(content));
      return `${file} has been written`;
    },
  },
  {
    name: 'Edit',
    description: 'Replaces a text in a file.',
    input_schema: schemaOf('file_path', 'old_string', 'new_string'),
    run: async ({ file_path: file, old_string: old, new_string: text }) =>
      editFile(String(file), String(old), String(text)),
  },
];

/** The server's tools, each named `mcp__<server>__<tool>`. */
export async function mcpTools(server: McpServer): Promise<readonly Tool[]> {
  const tools = await server.start();
  return tools.map(({ name, description, inputSchema }) => ({
    name: `mcp__${server.name}__${name}`,
    description,
    input_schema: inputSchema,
    run: async (args) => JSON.stringify(await server.call(name, args)),
  }));
}
