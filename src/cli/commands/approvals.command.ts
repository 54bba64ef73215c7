// `leash approvals`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const approvalsCommand: Command = {
  name: 'approvals',
  summary: 'List what agents wait for, and what was approved for always',
  description: [
    'A policy with `@ask("…")` holds an operation until a person says yes or no. This lists the open questions of all running sessions; `leash approve` and `leash deny` answer them.',
    'An approval lifts what the policy asks and nothing that it forbids. It is for exactly the agent, program, action, resource and arguments that were shown, and void as soon as a policy that asks is edited.',
    'With `--json` each question is a JSON object: `session`, `id`, `opened` and `expires` (milliseconds since 1970), `who`, `actions`, `resource`, `particulars`, `text`, `policies`, `waiting`.',
  ],
  usage: ['leash approvals [options]'],
  positionals: [],
  options: [
    { kind: 'flag', name: 'kept', summary: 'List instead what was approved for always' },
    {
      kind: 'value',
      name: 'forget',
      value: 'ID',
      repeatable: true,
      summary: 'Take an approval for always back; `all` takes back every one',
    },
    { kind: 'flag', name: 'json', summary: 'One JSON object a line' },
  ],
  examples: [
    { command: 'leash approvals', effect: 'what waits for an answer, in every session' },
    { command: 'leash approvals --kept', effect: 'what is never asked again' },
    { command: 'leash approvals --forget all', effect: 'ask everything again' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'They were listed, or taken back; there may be none' },
    { status: String(EXIT.failed), meaning: 'There is no such approval, or the file of approvals cannot be used' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./approvals.ts')).approvals,
};
