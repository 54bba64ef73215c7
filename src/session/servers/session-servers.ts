// A session's options in, the MCP servers that its agent may start out: what is declared is read before the agent begins.
import fs from 'node:fs';
import path from 'node:path';
import type { ProcessTable } from '../../engine/process-table.ts';
import { Allowance } from '../../proxy/exchange/allowance.ts';
import type { McpBrokerOptions } from '../../proxy/mcp/call-judge.ts';
import { type Declarations, declaredServers } from '../../sandbox/mcp-servers/declared.ts';
import { looksLikeServer } from '../../sandbox/mcp-servers/looks-like-server.ts';
import { serverName } from '../../sandbox/mcp-servers/server-name.ts';
import { starts } from '../../sandbox/mcp-servers/starts.ts';
import { homeOf, type SessionOptions } from '../options.ts';
import { AgentServers, type Named } from './agent-servers.ts';
import { OwnPrograms } from './own-programs.ts';

/** Bytes of lines that are not complete or wait for a person, of all servers together: 64 MiB. */
const MAX_HELD = 67_108_864;

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

function named(argv: readonly string[], { servers, isComplete }: Declarations, isOwn: boolean): Named | undefined {
  const found = servers.find((server) => starts(argv, server));
  if (found !== undefined)
    return { name: found.name, declared: found.origin === 'workspace' ? 'workspace' : 'settings' };
  // Settings that cannot be read must not hide a server: then whatever the agent itself speaks to is taken for one.
  const hidden = isOwn && !isComplete ? serverName(path.basename(argv[0] ?? '')) : undefined;
  const name = looksLikeServer(argv) ?? hidden;
  return name === undefined ? undefined : { name, declared: undefined };
}

/** What the agent's settings declare before it begins; what cannot be read is said. @param env what the agent will have */
export async function declaredFor(
  session: SessionOptions,
  env: Readonly<Record<string, string>>,
): Promise<Declarations> {
  const { agent, workspace, command, say } = session;
  const declared = await declaredServers({ agent: agent?.agent, env, home: homeOf(session), workspace, command });
  for (const note of declared.notes) say(note);
  return declared;
}

export function serversOf(
  session: SessionOptions,
  declared: Declarations,
  processes: ProcessTable,
  calls: () => Promise<McpBrokerOptions>,
): AgentServers {
  const allowance = new Allowance(MAX_HELD);
  return new AgentServers({
    areExpected: session.agent !== undefined || declared.servers.length > 0 || !declared.isComplete,
    nameOf: (argv, isOwn) => named(argv, declared, isOwn),
    processes,
    own: new OwnPrograms(processes, packagesOf(session)),
    relay: async (ends, server) => {
      const { StdioRelay } = await import('../../proxy/mcp/stdio/stdio-relay.ts');
      return new StdioRelay(ends, server, { ...(await calls()), allowance });
    },
  });
}
