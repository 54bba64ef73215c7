// `leash agents`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const agentsCommand: Command = {
  name: 'agents',
  summary: 'List the agents that Leash can run by name, and install them',
  description: [
    'Each line is an agent of Leash or of `[agents]` in `config.toml`: its version and where its program is, the profile that rules it, and whether a key or a login for its model was found. Values are never shown, and no program is started.',
    'A program on PATH outside the workspace goes first; the version in the store is Leash’s own pin, of which it was tried that it works.',
  ],
  usage: ['leash agents [options]', 'leash agents install <name…>'],
  positionals: [],
  options: [{ kind: 'flag', name: 'json', summary: 'One JSON object a line' }],
  examples: [
    { command: 'leash agents', effect: 'name, version, place, profile and key of each agent' },
    {
      command: 'leash agents install codex',
      effect: 'install Codex now, so that `leash codex` needs no network for it',
    },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The agents were listed' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.leash), meaning: 'The configuration cannot be used' },
  ],
  usageExit: EXIT.usage,
  commands: { install: async () => (await import('./agents/install.command.ts')).installCommand },
  load: async () => (await import('./agents.ts')).agents,
};
