// `leash bodies`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const bodiesCommand: Command = {
  name: 'bodies',
  summary: 'Show what was sent and answered in one request',
  description: [
    'Prints the body of a request and that of its response, from a session that was started with `--record-bodies`, after comparing each with the SHA-256 that the event holds. Credentials were taken out when they were written; a body longer than 1 MiB was cut.',
    'What stands where is said on standard error, so that standard output has nothing but the bodies. On a terminal, characters that it would act on are printed as escapes.',
  ],
  usage: ['leash bodies [options] <session>:<number>'],
  positionals: [
    { name: 'event', summary: 'The number of an event, as `leash events` prints it: `latest:42`', required: true },
  ],
  options: [
    { kind: 'flag', name: 'request', summary: 'Only the body of the request' },
    { kind: 'flag', name: 'response', summary: 'Only the body of the response' },
  ],
  examples: [
    { command: 'leash bodies latest:42', effect: 'what request 42 said, and what was answered' },
    {
      command: 'leash bodies --request latest:42 | jq -r ".messages[-1].content"',
      effect: 'the last message to a model',
    },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The bodies were printed' },
    { status: String(EXIT.failed), meaning: 'There is no such event, no body of it, or it cannot be trusted' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./bodies.ts')).bodies,
};
