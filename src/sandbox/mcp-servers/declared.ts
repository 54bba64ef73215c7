// TEMPORARY
import fs from 'node:fs';
import path from 'node:path';
import type { Agent } from '../agents/agent.ts';
export interface DeclaredServer {
  readonly name: string;
  readonly origin: 'settings' | 'workspace' | 'argument';
  readonly command: string;
  readonly args: readonly string[];
  readonly file: string;
}
export interface Declarations {
  readonly servers: readonly DeclaredServer[];
  readonly notes: readonly string[];
}
export function declaredServers(asked: {
  agent: Agent | undefined;
  env: NodeJS.ProcessEnv | Record<string, string | undefined>;
  home: string;
  workspace: string;
  command: readonly string[];
}): Declarations {
  const out: DeclaredServer[] = [];
  for (const [file, origin] of [
    [path.join(asked.workspace, '.mcp.json'), 'workspace'],
    [path.join(asked.home, '.claude.json'), 'settings'],
  ] as const) {
    if (!fs.existsSync(file)) continue;
    const json = JSON.parse(fs.readFileSync(file, 'utf8')) as {
      mcpServers?: Record<string, { command: string; args?: string[] }>;
    };
    for (const [name, { command, args = [] }] of Object.entries(json.mcpServers ?? {}))
      out.push({ name, origin, command, args, file });
  }
  return { servers: out, notes: [] };
}
export function starts(argv: readonly string[], server: DeclaredServer): boolean {
  return (
    path.basename(argv[0] ?? '') === path.basename(server.command) &&
    argv.length === server.args.length + 1 &&
    server.args.every((a, i) => a === argv[i + 1])
  );
}
export function looksLikeServer(_argv: readonly string[]): string | undefined {
  return undefined;
}
