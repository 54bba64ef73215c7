// `leash discard`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';
import { PATHS, REVIEWED } from '../review/words.ts';

export const discardCommand: Command = {
  name: 'discard',
  summary: 'Drop what the agent of a reviewed session changed',
  description: [
    'The host stays as it is; what is named no longer waits. When nothing waits any more, what the agent left is removed.',
  ],
  usage: ['leash discard [options] [session] [path…]'],
  positionals: [PATHS],
  options: [REVIEWED, { kind: 'flag', name: 'all', summary: 'All that waits' }],
  examples: [
    { command: 'leash discard --all', effect: 'drop all of it' },
    { command: 'leash discard package-lock.json', effect: 'drop one file; the rest waits on' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'All that was named no longer waits' },
    { status: String(EXIT.failed), meaning: 'Nothing waits, or nothing at such a path' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.leash), meaning: 'The changes cannot be read' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./discard.ts')).discard,
};
