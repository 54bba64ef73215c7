// `leash rm`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const rmCommand: Command = {
  name: 'rm',
  summary: 'Delete the records of ended sessions',
  description: [
    'Deletes journal, policy record, kept bodies and all else in the folder of a session, for good. A session that runs is never deleted, nor one whose changes to the workspace still wait for a word.',
    'Prints the id of each. When one of those that are named cannot be deleted, none is.',
  ],
  usage: ['leash rm <session>…', 'leash rm --older-than TIME'],
  positionals: [
    { name: 'session', summary: 'Ids of sessions, or their beginnings or ends', required: false, repeatable: true },
  ],
  options: [
    {
      kind: 'value',
      name: 'older-than',
      value: 'TIME',
      summary: 'Those that ended longer ago: a number with `h`, `d` or `w`, such as `30d`',
    },
  ],
  examples: [
    { command: 'leash rm k3f9', effect: 'delete one session' },
    { command: 'leash rm --older-than 30d', effect: 'keep a month' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'They are deleted; with `--older-than` there may have been none' },
    { status: String(EXIT.failed), meaning: 'There is none of that name, or it must not be deleted' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./rm.ts')).rm,
};
