// An MCP server that fails must not leave the agent waiting.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { McpServer, startServers } from '../../../../../src/cli/demo/agent/mcp.ts';

test('a server that does not exist', async () => {
  await expect(new McpServer('none', { command: '/nonexistent/server' }).start()).rejects.toThrow('ENOENT');
});

test('a server that ends before it answers', async () => {
  await expect(new McpServer('short', { command: 'true' }).start()).rejects.toThrow('has ended');
});

test('servers are read from the configuration that agents share', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-mcp-test-'));
  try {
    const file = path.join(folder, 'mcp.json');
    writeFileSync(file, JSON.stringify({ mcpServers: { a: { command: 'true' }, b: { command: 'true', args: [] } } }));
    const servers = startServers(file);
    expect(servers.map(({ name }) => name)).toEqual(['a', 'b']);
    for (const server of servers) server.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
