// `leash accept`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';
import { PATHS, REVIEWED } from '../review/words.ts';

export const acceptCommand: Command = {
  name: 'accept',
  summary: 'Take over what the agent of a reviewed session changed',
  description: [
    'Makes the changes on the host that the agent made in its overlay, each file as a whole: after a crash it has its old bytes or its new ones, and the same command goes on where it stopped. Folders that a change needs come with it.',
    'A file that was changed on the host since the session began is left as it is. Devices, sockets and FIFOs are never taken over, set-id bits neither.',
  ],
  usage: ['leash accept [options] [session] [path…]'],
  positionals: [PATHS],
  options: [
    REVIEWED,
    { kind: 'flag', name: 'all', summary: 'All that waits' },
    {
      kind: 'flag',
      name: 'force',
      summary: 'Also what was changed on the host since; that is kept beside, and its place is printed',
    },
  ],
  examples: [
    { command: 'leash accept --all', effect: 'take all of it' },
    { command: 'leash accept src/main.ts test', effect: 'take one file and one folder; the rest waits on' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'All that was named was taken over' },
    { status: String(EXIT.failed), meaning: 'Nothing waits, or something was left because of a conflict' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.leash), meaning: 'The changes cannot be read' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./accept.ts')).accept,
};
