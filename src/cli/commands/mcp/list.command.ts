// `leash mcp list`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';
import { JSON_LINES, SESSION } from './words.ts';

export const listCommand: Command = {
  name: 'mcp list',
  summary: 'Show MCP servers and tools, and how often they were called',
  description: [
    'A line a tool, and a line for each method that is about no tool: how many calls were allowed, refused, let pass although a policy denies them, and put to a person. Tools that a server only offered have zeros. With `--json` each server is one JSON object.',
  ],
  usage: ['leash mcp list [options] [session]'],
  positionals: [SESSION],
  options: [JSON_LINES],
  examples: [{ command: 'leash mcp list', effect: 'servers and tools of the last session' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The servers were printed; there may be none' },
    { status: String(EXIT.failed), meaning: 'There is no such session, or its journal cannot be trusted' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./list.ts')).list,
};
