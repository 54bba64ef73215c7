// `leash attach`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const attachCommand: Command = {
  name: 'attach',
  summary: 'Come back to an agent that was left running',
  description: [
    'Shows what an agent started with `leash -d` wrote lately, then what it writes, and passes on what you type. Several people of the same user may be attached; the size of the terminal is that of who changed it last.',
    'Ctrl-P Ctrl-Q detaches, and the agent goes on. When it ends, the exit status is its own. Of a session that has ended what the agent wrote last is shown.',
  ],
  usage: ['leash attach [session]'],
  positionals: [
    { name: 'session', summary: 'Its id, or the beginning or end of it; the newest without', required: false },
  ],
  options: [],
  examples: [{ command: 'leash attach k3f9', effect: 'come back to the session whose id ends in k3f9' }],
  exitCodes: [
    { status: 'that of the agent', meaning: 'It has ended' },
    { status: String(EXIT.ok), meaning: 'You detached' },
    { status: String(EXIT.failed), meaning: 'There is no such session, or it cannot be attached to' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.leash), meaning: 'The session broke off' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./attach.ts')).attach,
};
