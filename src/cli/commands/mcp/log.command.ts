// `leash mcp log`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';
import { DENIED_OPTION } from '../events/options.ts';
import { JSON_LINES, SESSION } from './words.ts';

export const logCommand: Command = {
  name: 'mcp log',
  summary: 'Show the MCP calls of a session, a line each',
  description: [
    'Time, verdict, name of the call, server, tool or method, outcome, duration, what the server did meanwhile, and why it was denied; in the order in which the calls ended. `leash mcp inspect` shows one of them whole.',
    'With `--json` each is a JSON object with the fields of the event and its `session` and `seq`.',
  ],
  usage: ['leash mcp log [options] [session]'],
  positionals: [SESSION],
  options: [
    { kind: 'flag', name: 'follow', short: 'f', summary: 'Wait for further calls until the session ends' },
    DENIED_OPTION,
    { kind: 'value', name: 'server', value: 'ID', repeatable: true, summary: 'Only calls to this server' },
    { kind: 'value', name: 'tool', value: 'NAME', repeatable: true, summary: 'Only calls of this tool' },
    JSON_LINES,
  ],
  examples: [
    { command: 'leash mcp log -f', effect: 'watch the calls of the newest session' },
    { command: 'leash mcp log --denied --server files', effect: 'what one server was not asked' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The calls were printed; there may be none' },
    { status: String(EXIT.failed), meaning: 'There is no such session, or its journal cannot be trusted' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./log.ts')).log,
};
