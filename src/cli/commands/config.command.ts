// `leash config`, as data: it holds the commands about the configuration.
import { EXIT } from '../../host/errors.ts';
import type { Command, CommandTable } from '../command.ts';

const COMMANDS: CommandTable = {
  path: async () => (await import('./config/path.command.ts')).pathCommand,
  show: async () => (await import('./config/show.command.ts')).showCommand,
};

export const configCommand: Command = {
  name: 'config',
  summary: 'Say where the configuration is, and what holds in a project and why',
  description: [
    'The configuration is one file, `config.toml`, outside of every workspace; docs/config.md says what may stand in it.',
  ],
  usage: ['leash config <command> [options]'],
  positionals: [{ name: 'command', summary: 'What to do', required: true, rest: true }],
  options: [],
  examples: [{ command: 'leash config show', effect: 'each setting for this folder, and where it comes from' }],
  exitCodes: [{ status: String(EXIT.usage), meaning: 'There is no such command; each command says its own' }],
  usageExit: EXIT.usage,
  commands: COMMANDS,
  load: async () => (await import('./help.ts')).onlyCommands(COMMANDS),
};
