// A session's options in, the MCP servers that its agent may start out: what is declared is read before the agent begins.
import fs from 'node:fs';
import type { ProcessTable } from '../../engine/process-table.ts';
import type { McpBrokerOptions } from '../../proxy/mcp/call-judge.ts';
import { type DeclaredServer, declaredServers, looksLikeServer, starts } from '../../sandbox/mcp-servers/declared.ts';
import { homeOf, type SessionOptions } from '../options.ts';
import { AgentServers, type Named } from './agent-servers.ts';
import { OwnPrograms } from './own-programs.ts';

/** The scope that an agent's program comes in, or its package: a launcher and what it launches are neighbours there. */
const PACKAGES = /^.*\/node_modules\/[^/]+\//;

function packagesOf({ agent, command: [program = ''] }: SessionOptions): string | undefined {
  if (agent === undefined) return undefined;
  try {
    return PACKAGES.exec(fs.realpathSync(program))?.[0];
  } catch {
    return undefined; // it is an image's
  }
}

function named(argv: readonly string[], declared: readonly DeclaredServer[]): Named | undefined {
  const found = declared.find((server) => starts(argv, server));
  if (found !== undefined)
    return { name: found.name, declared: found.origin === 'workspace' ? 'workspace' : 'settings' };
  const name = looksLikeServer(argv);
  return name === undefined ? undefined : { name, declared: undefined };
}

export function serversOf(session: SessionOptions, processes: ProcessTable, calls: McpBrokerOptions): AgentServers {
  const { agent, env, workspace, command, say } = session;
  const declared = declaredServers({ agent: agent?.agent, env, home: homeOf(session), workspace, command });
  for (const note of declared.notes) say(note);
  return new AgentServers({
    areExpected: agent !== undefined || declared.servers.length > 0,
    nameOf: (argv) => named(argv, declared.servers),
    processes,
    own: new OwnPrograms(processes, packagesOf(session)),
    relay: async (ends, server) => {
      const { StdioRelay } = await import('../../proxy/mcp/stdio-relay.ts');
      return new StdioRelay(ends, server, calls);
    },
  });
}
