// `leash help`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const helpCommand: Command = {
  name: 'help',
  summary: 'Say how Leash, or one of its commands, is used',
  description: ['Without a command, lists the commands and the options of `leash` itself.'],
  usage: ['leash help [command]', 'leash help policy [command]'],
  positionals: [{ name: 'command', summary: 'Command to explain', required: false, repeatable: true }],
  options: [],
  examples: [
    { command: 'leash help events', effect: 'the options of `leash events`' },
    { command: 'leash help policy check', effect: 'what `leash policy check` finds, and its exit statuses' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The help was printed' },
    { status: String(EXIT.usage), meaning: 'There is no such command' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./help.ts')).help,
};
