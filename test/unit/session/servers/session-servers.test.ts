import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProcessTable } from '../../../../src/engine/process-table.ts';
import type { WireEvent } from '../../../../src/engine/wire-record.ts';
import { CLAUDE } from '../../../../src/sandbox/agents/claude.ts';
import type { SessionOptions } from '../../../../src/session/options.ts';
import { declaredFor, serversOf } from '../../../../src/session/servers/session-servers.ts';

let root: string;
let said: string[];
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-servers-')));
  for (const folder of ['home', 'work']) mkdirSync(path.join(root, folder));
  said = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Who starts what in a session: `vias('notes --all')`. */
async function session(agent: unknown, env: Record<string, string> = {}) {
  const options = {
    agent,
    env: { HOME: path.join(root, 'home') },
    workspace: path.join(root, 'work'),
    command: ['/usr/bin/agent'],
    say: (line: string) => said.push(line),
  } as unknown as SessionOptions;
  const processes = new ProcessTable();
  const declared = await declaredFor(options, { HOME: path.join(root, 'home'), ...env });
  const servers = serversOf(options, declared, processes, () => Promise.reject(new Error('nobody relays here')));
  const learn = (pid: number, line: number, lineUp: number, server = 0): void => {
    const process = { pid, parent: 1, hostPid: 9, uid: 0, exe: '/usr/bin/agent', argv: [], line, lineUp, server };
    processes.learn(process);
    servers.learn(process);
  };
  learn(2, 1, 0);
  learn(3, 2, 1);
  const via = (commandLine: string, line = 1): string | undefined => {
    const path2 = commandLine
      .split(' ')
      .map((word) => `${word}\0`)
      .join('');
    const number = servers.answer({ pid: 3, line, path2 } as WireEvent);
    if (number === undefined) return undefined;
    learn(4, 9, 1, number);
    return processes.who(4).via;
  };
  return { servers, via };
}

const settings = (mcpServers: object): string => JSON.stringify({ mcpServers });

test('settings of the user’s and of the workspace, variables as the agent has them', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the agent's own
  writeFileSync(path.join(root, 'home/.claude.json'), settings({ fs: { command: 'fs', args: ['${KEY}'] } }));
  writeFileSync(path.join(root, 'work/.mcp.json'), settings({ notes: { command: 'node', args: ['notes.mjs'] } }));
  const { via, servers } = await session({ agent: CLAUDE }, { KEY: 'placeholder' });
  expect(servers.areExpected).toBe(true);
  expect(via('fs placeholder')).toBe('mcp:fs');
  expect(via('/usr/bin/node notes.mjs')).toBe('mcp:./notes');
  expect(via('fs placeholder', 2)).toBe('mcp:?fs');
  expect(via('npx -y mcp-server-git')).toBe('mcp:?mcp-server-git');
  expect([via('rg --json x'), via('fs other')]).toEqual([undefined, undefined]);
  expect(said).toEqual([]);
});

test('without settings and without an agent nobody is expected', async () => {
  expect((await session(undefined)).servers.areExpected).toBe(false);
});

test('settings that cannot be read hide nobody: what the agent itself speaks to is taken for a server', async () => {
  writeFileSync(path.join(root, 'work/.mcp.json'), '{"mcpServers":');
  const { via, servers } = await session(undefined);
  expect(servers.areExpected).toBe(true);
  expect(said.join()).toContain('.mcp.json');
  expect([via('/opt/odd tool'), via('/opt/odd tool', 2)]).toEqual(['mcp:?odd', undefined]);
});
