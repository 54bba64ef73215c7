// `leash mcp inspect`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';
import { SESSION } from './words.ts';

export const inspectCommand: Command = {
  name: 'mcp inspect',
  summary: 'Show one MCP call whole: arguments, verdict, and what its server did meanwhile',
  description: [
    'The call is named as `leash mcp log` prints it, or by an event that belongs to it: `latest:42`. What the server did while other calls of it were open, too, is listed apart: nobody can say to which it belongs.',
    'Arguments are shown as the journal has them: long values only by their length, and no credentials. Of a server outside the sandbox nothing is seen but the HTTP request.',
    'With `--policy` Cedar statements that permit or forbid such calls are printed, and nothing else: one pair for the tool, and one for the tool with these arguments.',
  ],
  usage: ['leash mcp inspect [options] <call> [session]'],
  positionals: [
    { name: 'call', summary: 'The name of a call, such as `c3`; or an event, as <session>:<number>', required: true },
    SESSION,
  ],
  options: [
    { kind: 'flag', name: 'policy', summary: 'Print statements for such calls' },
    { kind: 'flag', name: 'json', summary: 'One JSON object' },
  ],
  examples: [
    { command: 'leash mcp inspect c3', effect: 'call c3 of the last session' },
    { command: 'leash mcp inspect latest:42', effect: 'the call during which event 42 happened' },
    { command: 'leash mcp inspect c3 --policy >> team.cedar', effect: 'begin a rule about such calls' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The call was printed' },
    { status: String(EXIT.failed), meaning: 'There is no such session or call, or the journal cannot be trusted' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./inspect.ts')).inspect,
};
