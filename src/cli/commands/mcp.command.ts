// `leash mcp`, as data: it holds the commands about calls to MCP servers.
import { EXIT } from '../../host/errors.ts';
import type { Command, CommandTable } from '../command.ts';

const COMMANDS: CommandTable = {
  list: async () => (await import('./mcp/list.command.ts')).listCommand,
  log: async () => (await import('./mcp/log.command.ts')).logCommand,
  inspect: async () => (await import('./mcp/inspect.command.ts')).inspectCommand,
  schema: async () => (await import('./mcp/schema.command.ts')).schemaCommand,
};

export const mcpCommand: Command = {
  name: 'mcp',
  summary: 'Show the MCP servers and calls of a session, and what calls caused',
  description: [
    'Calls are read from the journal of a session, whether it runs or has ended. Each has a name in its session, `c1`, `c2` …, which what its server did meanwhile carries, too.',
    'Which calls are judged and recorded is said in docs/mcp.md.',
  ],
  usage: ['leash mcp <command> [options]'],
  positionals: [{ name: 'command', summary: 'What to do', required: true, rest: true }],
  options: [],
  examples: [
    { command: 'leash mcp log --denied', effect: 'calls that the last agent was not allowed to make' },
    { command: 'leash mcp inspect c3', effect: 'one call, and all that it caused' },
  ],
  exitCodes: [{ status: String(EXIT.usage), meaning: 'There is no such command; each command says its own' }],
  usageExit: EXIT.usage,
  commands: COMMANDS,
  load: async () => (await import('./help.ts')).onlyCommands(COMMANDS),
};
