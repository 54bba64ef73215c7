// `leash diff`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';
import { PATHS, REVIEWED } from '../review/words.ts';

export const diffCommand: Command = {
  name: 'diff',
  summary: 'Show what the agent of a reviewed session changed',
  description: [
    'Compares what the agent left with what is on the host now: a unified diff with names, modes and links. For reading: control characters are shown as escapes, and nothing that the workspace configures is run.',
    'A session is under review when it was started with `--review`, or with a volume that ends in `:review`.',
  ],
  usage: ['leash diff [options] [session] [path…]'],
  positionals: [PATHS],
  options: [
    REVIEWED,
    { kind: 'flag', name: 'stat', summary: 'A line a change: how it changed, lines added and removed, its name' },
    { kind: 'flag', name: 'json', summary: 'One JSON object a change' },
  ],
  examples: [
    { command: 'leash diff', effect: 'all that waits of the newest session' },
    { command: 'leash diff --stat src', effect: 'what changed in `src`, a line each' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The changes were printed' },
    { status: String(EXIT.failed), meaning: 'Nothing waits, or nothing at such a path' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.leash), meaning: 'The changes cannot be read' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./diff.ts')).diff,
};
