// Nothing in; a small project for an agent to work on, in a temporary folder of its own, out.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PACKAGE_ROOT } from '../../host/paths.ts';
import { agentsDir } from '../../sandbox/agents/store.ts';

export interface Project {
  /** The agent's workspace; a canonical path without a final slash. */
  readonly workspace: string;
  /** MCP configuration for the agent: the server `notes`. */
  readonly mcpConfig: string;
  /** Program of the built-in agent. */
  readonly builtInAgent: string;
  /** PEM file for the root that the scripted model's certificate is issued by; outside the workspace. */
  readonly caFile: string;
  /**
   * A file of the demo's own that the agent tries to delete. It lies in the agent store, which every sandbox shows read-only:
   * no file of the machine may be at stake, not even if all that protects it fails.
   */
  readonly outsideFile: string;
  readonly remove: () => void;
}

/** Where the agent's tools lie inside the workspace: a place that every sandbox shows. */
const TOOLS = '.leash-demo';

const README = `# Till

Adds up a receipt. \`total(prices, discount)\` takes the discount in percent.

    node --test total.test.mjs
`;

const SOURCE = `// The sum of the prices, less a discount in percent.
export function total(prices, discount) {
  const sum = prices.reduce((left, right) => left + right, 0);
  return sum - sum * discount;
}
`;

/** The line at fault in SOURCE, and what it should be. */
export const FAULT = { old: 'return sum - sum * discount;', fixed: 'return sum - (sum * discount) / 100;' } as const;

const TEST = `import assert from 'node:assert/strict';
import test from 'node:test';
import { total } from './total.mjs';

test('ten percent off', () => {
  assert.equal(total([40, 60], 10), 90);
});
`;

/** Not a key: only its place in the file system says that it is one. */
export const SECRET = 'LEASH-DEMO production key, which the agent must not read';

const FILES: Readonly<Record<string, string>> = {
  'README.md': README,
  'package.json': '{ "name": "till", "private": true, "type": "module" }\n',
  'total.mjs': SOURCE,
  'total.test.mjs': TEST,
  'secrets/prod.key': `${SECRET}\n`,
};

/** Writes the project. The caller calls `remove` in the end. */
export function createProject(): Project {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'leash-demo-')));
  const workspace = path.join(root, 'till');
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true });
    writeFileSync(path.join(workspace, name), content);
  }
  const outside = createOutside();
  const tools = path.join(workspace, TOOLS);
  mkdirSync(tools);
  writeTools(tools, workspace);
  return {
    workspace,
    mcpConfig: path.join(tools, 'mcp.json'),
    builtInAgent: path.join(tools, 'agent', 'main.js'),
    caFile: path.join(root, 'ca.pem'),
    outsideFile: path.join(outside, 'precious.txt'),
    remove: () => {
      for (const folder of [root, outside]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** File with the fault. */
export function sourceFile(workspace: string): string {
  return path.join(workspace, 'total.mjs');
}

/** File that the MCP tool `add_note` appends to. */
export function notesFile(workspace: string): string {
  return path.join(workspace, 'NOTES.md');
}

function createOutside(): string {
  mkdirSync(agentsDir(), { recursive: true });
  const outside = realpathSync(mkdtempSync(path.join(agentsDir(), '.demo-')));
  writeFileSync(path.join(outside, 'precious.txt'), 'made by leash demo\n');
  return outside;
}

function writeTools(tools: string, workspace: string): void {
  const server = path.join(tools, 'mcp-notes.mjs');
  writeFileSync(server, readFileSync(path.join(PACKAGE_ROOT, 'test/fixtures/mcp-notes.mjs')));
  const notes = { type: 'stdio', command: 'node', args: [server, notesFile(workspace)] };
  writeFileSync(path.join(tools, 'mcp.json'), `${JSON.stringify({ mcpServers: { notes } }, undefined, 2)}\n`);
  cpSync(path.join(PACKAGE_ROOT, 'dist/cli/demo/agent'), path.join(tools, 'agent'), { recursive: true });
  writeFileSync(path.join(tools, 'package.json'), '{ "type": "module" }\n');
}
