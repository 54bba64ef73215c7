// `leash approve`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const approveCommand: Command = {
  name: 'approve',
  summary: 'Let an agent do what it asked for',
  description: [
    'Answers an open question of `leash approvals` with yes. Without an option the answer is for the calls that wait now.',
    'What is approved for always is kept in `approvals.json` of the configuration directory, which no agent can reach.',
  ],
  usage: ['leash approve [options] <id>'],
  positionals: [{ name: 'id', summary: 'The question', required: true, repeatable: true }],
  options: [
    { kind: 'flag', name: 'session', summary: 'Until the session ends' },
    { kind: 'flag', name: 'always', summary: 'In this and all later sessions' },
  ],
  examples: [{ command: 'leash approve k3f9qa --session', effect: 'do not ask this again until the agent ends' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The agent goes on' },
    {
      status: String(EXIT.failed),
      meaning: 'There is no such open question, or the answer could not be given or kept',
    },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./answer.ts')).approve,
};
