// The name of a file in; how MCP servers are declared in it out, for agents of which nothing else is known.
import type { McpForm } from '../agents/agent.ts';
import { MCP_JSON } from '../agents/claude.ts';
import { MCP_TOML } from '../agents/codex.ts';

/** `mcp_servers` in TOML, as codex has it; else `mcpServers` in JSON, as most clients have it, comments allowed. */
export function mcpFormOf(file: string): McpForm {
  return file.endsWith('.toml') ? MCP_TOML : { ...MCP_JSON, syntax: 'json with comments' };
}
