// `leash help`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const helpCommand: Command = {
  name: 'help',
  summary: 'Say how Leash, or one of its commands, is used',
  description: ['Without a command, lists the commands and the options of `leash` itself.'],
  usage: ['leash help [command]'],
  positionals: [{ name: 'command', summary: 'Command to explain', required: false }],
  options: [],
  examples: [{ command: 'leash help events', effect: 'the options of `leash events`' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The help was printed' },
    { status: String(EXIT.usage), meaning: 'There is no such command' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./help.ts')).help,
};
