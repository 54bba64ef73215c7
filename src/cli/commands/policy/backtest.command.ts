// `leash policy backtest`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';
import { SINCE_OPTION } from '../../policy/chosen-sessions.ts';
import { JSON_OPTION, POLICY_EXITS, policyExitCodes } from '../../policy/exits.ts';

export const backtestCommand: Command = {
  name: 'policy backtest',
  summary: 'Say what a policy would have decided otherwise in recorded sessions',
  description: [
    'Puts every recorded operation to a policy, in the place of the one that was in force: with the directories of its session, and beside the statements that Leash itself had there. What changes is grouped by action and place, with the number of events, the first and the last time, and examples for `leash policy explain --event`.',
    'An operation that took place counts as allowed, also where a session in `record` or `shadow` mode only noted that its policy denies it. What a person was asked about counts as asked, however the question ended.',
    'The journal keeps neither the headers and the query of HTTP requests, nor which programs started the one that asks, nor, unless a policy asked, the content of programs. Where the policy speaks of those, the events are evaluated without them and counted as uncertain. A damaged journal counts up to the first place that cannot be trusted, and the rest is named.',
    'With `--json`: `{"changes": {"newly denied", "newly asked", "newly allowed": number}, "totals": {"evaluated", "unchanged", "inferred", "uncertain", "own", "lifecycle", "unrepeatable": number, "unseen": [string]}, "groups": [{"change", "action", "place", "policies": [id], "reason"?, "count", "first", "last", "examples": [{"event", "request"}]}], "sessions": [{"session", "events", "torn", "fault"?}], "unreadable": [id]}`.',
  ],
  usage: ['leash policy backtest [options] --policy FILE [session…]'],
  positionals: [
    {
      name: 'session',
      summary: 'Sessions: ids, the beginnings or ends of ids, or `latest`; without any, all',
      required: false,
      repeatable: true,
    },
  ],
  options: [
    {
      kind: 'value',
      name: 'policy',
      value: 'FILE',
      summary: 'The policy to try: a file, a profile, or - for standard input',
    },
    SINCE_OPTION,
    { kind: 'flag', name: 'all', summary: 'Print every group, not only the largest' },
    JSON_OPTION,
  ],
  examples: [
    {
      command: 'leash policy backtest --policy team.cedar --since 30d',
      effect: 'what an edit would have stopped in the last month',
    },
    { command: 'leash policy backtest --policy team.cedar latest', effect: 'the same for the last session' },
  ],
  exitCodes: [
    ...policyExitCodes(
      'Nothing is newly denied',
      'Something is newly denied',
      'The policy cannot be read or has faults',
    ),
    {
      status: String(EXIT.journal),
      meaning:
        'Nothing is newly denied, but not all could be evaluated: there is no session, or a journal cannot be trusted',
    },
  ],
  ...POLICY_EXITS,
  errorExits: { ...POLICY_EXITS.errorExits, LEASH_SESSION_UNKNOWN: EXIT.journal, LEASH_JOURNAL_CORRUPT: EXIT.journal },
  load: async () => (await import('./backtest.ts')).backtest,
};
