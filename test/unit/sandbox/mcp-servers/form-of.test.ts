import { expect, test } from 'vitest';
import { mcpFormOf } from '../../../../src/sandbox/mcp-servers/form-of.ts';

test('the suffix says how servers are declared', () => {
  expect(mcpFormOf('./mine/config.toml')).toMatchObject({ syntax: 'toml', way: ['mcp_servers'], variables: 'none' });
  for (const name of ['.mine/mcp.json', '.mine.jsonc', '.minerc'])
    expect(mcpFormOf(name)).toMatchObject({ syntax: 'json with comments', way: ['mcpServers'], variables: 'braces' });
});
