// `leash ui`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const uiCommand: Command = {
  name: 'ui',
  summary: 'Open the control page of your sessions in a browser',
  description: [
    'Opens the page that shows sessions, running and past, as they are served by any session that runs. When none runs, this command serves it until it is interrupted. Where there is no browser, the address is printed; it holds a token that opens all of your sessions, so keep it to yourself.',
  ],
  usage: ['leash ui [options] [session]'],
  positionals: [
    {
      name: 'session',
      summary:
        'An id, the beginning or end of one, or `latest`: the page is of that session only; all of them without it',
      required: false,
    },
  ],
  options: [
    {
      kind: 'value',
      name: 'listen',
      short: 'l',
      value: '[HOST:]PORT',
      fallback: 'LEASH_LISTEN, else 127.0.0.1:18080',
      summary: 'Loopback address of the control API',
    },
  ],
  examples: [
    { command: 'leash ui', effect: 'see what runs, and what ran' },
    { command: 'leash ui latest', effect: 'see the newest session only' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'It was opened' },
    { status: String(EXIT.failed), meaning: 'There is no such session, or another program has the port' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.interrupted), meaning: 'It was served here, and interrupted' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./ui.ts')).ui,
};
