// `leash sessions`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const sessionsCommand: Command = {
  name: 'sessions',
  summary: 'List sessions, newest first',
  description: [
    'A session is one run of one agent. It is running, has ended, or has crashed: its `leash` process is gone and wrote no end.',
    'Where changes of a reviewed session wait for your word, a line on standard error says how many, and with `--json` the field `waiting`.',
  ],
  usage: ['leash sessions [options]'],
  positionals: [],
  options: [
    { kind: 'flag', name: 'json', summary: 'One JSON object a line: the record of the session and its `state`' },
  ],
  examples: [{ command: 'leash sessions', effect: 'id, state, start, counts and command of each session' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The sessions were listed; there may be none' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./sessions.ts')).sessions,
};
