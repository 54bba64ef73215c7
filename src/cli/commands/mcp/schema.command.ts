// `leash mcp schema`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';
import { SESSION } from './words.ts';

export const schemaCommand: Command = {
  name: 'mcp schema',
  summary: 'Print a Cedar schema of the tools that MCP servers offered',
  description: [
    'Made of the lists of tools that were seen, by the generator of Cedar for Agents: a namespace a server, an action a tool, and the types of its arguments under `context.input`. It is for reading, and for other programs that speak Cedar. A policy of Leash names the same calls as `Action::"McpCall"` on an `MCP::Tool`, and arguments by `context.args`.',
    'Tools that the generator does not take, because their names are no identifiers of Cedar, say, are named on standard error.',
  ],
  usage: ['leash mcp schema [options] [session]'],
  positionals: [SESSION],
  options: [
    { kind: 'value', name: 'server', value: 'ID', repeatable: true, summary: 'Only tools of this server' },
    { kind: 'flag', name: 'json', summary: "Cedar's JSON format of schemas" },
  ],
  examples: [{ command: 'leash mcp schema > tools.cedarschema', effect: 'the tools of the last session' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The schema was printed' },
    {
      status: String(EXIT.failed),
      meaning: 'There is no such session, or no tool that was seen can be part of a schema',
    },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./schema.ts')).schema,
};
