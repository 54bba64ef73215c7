// `leash logs`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const logsCommand: Command = {
  name: 'logs',
  summary: 'Show what Leash said in a session, among its events',
  description: [
    'What Leash said on standard error, also under `--quiet`, and the events between, oldest first. `leash events` has filters and JSON. What the agent itself printed is not kept.',
  ],
  usage: ['leash logs [options] [session]'],
  positionals: [
    { name: 'session', summary: 'An id, the beginning or end of one, or `latest`, the default', required: false },
  ],
  options: [{ kind: 'flag', name: 'follow', short: 'f', summary: 'Wait for what comes until the session ends' }],
  examples: [{ command: 'leash logs -f', effect: 'watch the newest session' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'All was printed' },
    { status: String(EXIT.failed), meaning: 'There is no such session, or its journal cannot be trusted' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./logs.ts')).logs,
};
