// `leash stop`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const stopCommand: Command = {
  name: 'stop',
  summary: 'Ask running sessions to end',
  description: [
    'Sends SIGTERM to the agent; after five seconds it is killed, with all that it started. Waits until each session has ended and prints its id.',
    'Without a session it is the one that runs, if there is only one.',
  ],
  usage: ['leash stop [session…]', 'leash stop --all'],
  positionals: [
    { name: 'session', summary: 'Ids of sessions, or their beginnings or ends', required: false, repeatable: true },
  ],
  options: [{ kind: 'flag', name: 'all', summary: 'Every session of yours that runs' }],
  examples: [{ command: 'leash stop k3f9', effect: 'end one session' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The sessions have ended; with `--all` there may have been none' },
    { status: String(EXIT.failed), meaning: 'There is none of that name that runs, or one did not end' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./stop.ts')).stop,
};
