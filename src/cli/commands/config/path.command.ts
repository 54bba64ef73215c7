// `leash config path`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';

export const pathCommand: Command = {
  name: 'config path',
  summary: 'Print where config.toml is read from',
  description: [
    '`$LEASH_HOME/config.toml`, else `$XDG_CONFIG_HOME/leash/config.toml`, else `~/.config/leash/config.toml`. The file need not exist.',
  ],
  usage: ['leash config path'],
  positionals: [],
  options: [],
  examples: [{ command: '$EDITOR "$(leash config path)"', effect: 'edit it' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The path was printed' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.leash), meaning: 'LEASH_HOME cannot be used' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./path.ts')).showPath,
};
