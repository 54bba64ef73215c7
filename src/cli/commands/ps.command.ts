// `leash ps`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const psCommand: Command = {
  name: 'ps',
  summary: 'List the sessions that run',
  description: [
    'For each: its process, since when it runs, its mode, how many questions wait for an answer, which ports it publishes, its workspace and its command.',
    'When `leash` is killed, the kernel ends its sandbox with it. What stays are files and empty control groups; the next start removes them, and so does `--clean`.',
  ],
  usage: ['leash ps [options]'],
  positionals: [],
  options: [
    { kind: 'flag', name: 'json', summary: 'One JSON object a line' },
    { kind: 'flag', name: 'clean', summary: 'Remove what killed sessions left behind, and say what it was' },
  ],
  examples: [{ command: 'leash ps', effect: 'what runs, and what waits for you' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The sessions were listed; there may be none' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./ps.ts')).ps,
};
