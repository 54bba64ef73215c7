// `leash secrets`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const secretsCommand: Command = {
  name: 'secrets',
  summary: 'List the secrets that an agent may use without holding them',
  description: [
    'Each line is a secret of `config.toml`, or the key of an agent’s model from the environment: where its value comes from, where it may go, and in which part of a request. Values are never shown, and commands are not run.',
    'The agent holds a placeholder of the same shape. The proxy puts the value in its place, only in requests to those hosts.',
  ],
  usage: ['leash secrets [options]'],
  positionals: [],
  options: [{ kind: 'flag', name: 'json', summary: 'One JSON object a line' }],
  examples: [{ command: 'leash secrets', effect: 'name, source, hosts and place of each secret' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The secrets were listed; there may be none' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.leash), meaning: 'The configuration cannot be used' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./secrets.ts')).secrets,
};
