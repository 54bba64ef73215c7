// `leash agents install`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';

export const installCommand: Command = {
  name: 'agents install',
  summary: 'Install agents into Leash’s own store',
  description: [
    'Installs the pinned version with npm, and verifies that what came is what was pinned. What is there already is left as it is.',
    'Install scripts run only for the agents that Leash itself pins. Of an agent of `config.toml` nothing is run.',
  ],
  usage: ['leash agents install <name…>'],
  positionals: [{ name: 'name', summary: 'Name of an agent', required: true, repeatable: true }],
  options: [],
  examples: [{ command: 'leash agents install claude gemini', effect: 'both are in the store' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'They are in the store' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.leash), meaning: 'One is unknown, or could not be installed; those named before it are' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./install.ts')).install,
};
