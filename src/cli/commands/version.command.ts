// `leash version`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const versionCommand: Command = {
  name: 'version',
  summary: 'Print the version',
  description: ['The same as `leash --version`.'],
  usage: ['leash version'],
  positionals: [],
  options: [],
  examples: [],
  exitCodes: [{ status: String(EXIT.ok), meaning: 'The version was printed' }],
  usageExit: EXIT.usage,
  load: async () => (await import('./version.ts')).showVersion,
};
