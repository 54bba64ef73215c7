import { expect, test } from 'vitest';
import { looksLikeServer } from '../../../../src/sandbox/mcp-servers/looks-like-server.ts';

const words = (line: string): readonly string[] => line.split(' ');

test.each([
  ['npx -y @modelcontextprotocol/server-filesystem /data', '@modelcontextprotocol/server-filesystem'],
  ['npx -y @modelcontextprotocol/server-filesystem@2025.1.14 /data', '@modelcontextprotocol/server-filesystem'],
  ['npx @playwright/mcp@latest', '@playwright/mcp'],
  ['/usr/bin/npx --yes airtable-mcp-server', 'airtable-mcp-server'],
  ['npx -p some-package mcp-server-x', 'mcp-server-x'],
  ['npm exec -y -- @upstash/context7-mcp', '@upstash/context7-mcp'],
  ['pnpm dlx figma-developer-mcp --stdio', 'figma-developer-mcp'],
  ['bunx mcp-remote https://tools.example/mcp', 'mcp-remote'],
  ['uvx mcp-server-git --repository .', 'mcp-server-git'],
  ['uvx --from git+https://forge.example/x mcp-server-x', 'mcp-server-x'],
  ['uvx mcp-server-fetch==1.0', 'mcp-server-fetch'],
  ['uv tool run mcp-server-time', 'mcp-server-time'],
  ['pipx run mcp_server_x', 'mcp_server_x'],
  ['python3 -m mcp_server_git', 'mcp_server_git'],
  ['python3.12 -u -m mcp.server', 'mcp.server'],
  ['/home/me/.cache/uv/bin/python /home/me/.cache/uv/bin/mcp-server-git', 'mcp-server-git'],
  ['node /x/node_modules/@modelcontextprotocol/server-memory/dist/index.js', '@modelcontextprotocol/server-memory'],
  ['node node_modules/@modelcontextprotocol/server-memory/dist/index.js', '@modelcontextprotocol/server-memory'],
  ['node ./node_modules/foo-mcp/index.js', 'foo-mcp'],
  ['python bin/mcp-server-git', 'mcp-server-git'],
  ['node --no-warnings /x/node_modules/.bin/mcp-server-memory', 'mcp-server-memory'],
  ['/usr/local/bin/github-mcp-server stdio', 'github-mcp-server'],
  ['mcp-server-sqlite --db x', 'mcp-server-sqlite'],
  ['foo-mcp', 'foo-mcp'],
])('%s', (line, name) => {
  expect(looksLikeServer(words(line))).toBe(name);
});

test.each([
  'grep -r mcp .',
  'cat mcp.json',
  'vim mcp.ts',
  'rg mcp-server',
  'node test/mcp.test.js',
  'node mcp.js',
  'node old_node_modules/foo-mcp/index.js',
  'node dist/mcp-server.js',
  'node -e require("mcp")',
  'node /x/node_modules/vitest/vitest.mjs run mcp',
  'npx vitest mcp',
  'npx -y @modelcontextprotocol/inspector',
  'npx -y @modelcontextprotocol/sdk',
  'npm install @playwright/mcp',
  'npm exec vitest mcp',
  'npm run mcp',
  'uv run server.py mcp',
  'pip install mcp-server-git',
  'python mcp_server.py',
  'python script.py -m mcp_server_git',
  '/work/mcp/bin/tool',
  'sh -c mcp-server-git',
  'git clone mcp',
  'mcp-inspector',
  'mcpd',
  'ffmcpeg',
  '',
])('%s is none', (line) => {
  expect(looksLikeServer(words(line))).toBeUndefined();
});

test('a name that could not be said is none', () => {
  for (const name of ['mcp\u001b[2J', 'mcp\nx', `mcp-${'x'.repeat(200)}`, '?mcp', './mcp/../x y'])
    expect(looksLikeServer(['npx', name])).toBeUndefined();
  expect(looksLikeServer([])).toBeUndefined();
});
