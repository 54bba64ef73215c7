// `leash deny`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const denyCommand: Command = {
  name: 'deny',
  summary: 'Refuse what an agent asked for',
  description: [
    'Answers an open question of `leash approvals` with no. Without an option the answer is for the calls that wait now.',
    'To refuse for always, write a forbid into the policy.',
  ],
  usage: ['leash deny [options] <id>'],
  positionals: [{ name: 'id', summary: 'The question', required: true, repeatable: true }],
  options: [{ kind: 'flag', name: 'session', summary: 'Until the session ends, without asking again' }],
  examples: [{ command: 'leash deny k3f9qa', effect: 'the calls that wait fail with a permission error' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The agent was refused' },
    { status: String(EXIT.failed), meaning: 'There is no such open question, or the answer could not be given' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./answer.ts')).deny,
};
