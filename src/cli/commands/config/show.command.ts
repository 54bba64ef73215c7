// `leash config show`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';

export const showCommand: Command = {
  name: 'config show',
  summary: 'Show what holds in a project, and where each value comes from',
  description: [
    'A line for each setting of `config.toml` and of the environment that holds for the workspace: its name, its value, and the line or variable that says so. What a command line adds outweighs it.',
    'Values of variables for the agent are never shown, since they may be credentials; neither are those of secrets, which `leash secrets` lists.',
  ],
  usage: ['leash config show [options]'],
  positionals: [],
  options: [
    {
      kind: 'value',
      name: 'workspace',
      short: 'C',
      value: 'DIR',
      fallback: 'the current directory',
      variables: ['LEASH_WORKSPACE'],
      summary: 'The project',
    },
    { kind: 'flag', name: 'json', summary: 'One JSON object a line' },
  ],
  examples: [{ command: 'leash config show -C ~/project', effect: 'what holds there' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The settings were shown; there may be none' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.leash), meaning: 'The configuration cannot be used' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./show.ts')).showConfig,
};
