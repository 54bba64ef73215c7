// `leash policy suggest`, as data.
import type { Command } from '../../command.ts';
import { SINCE_OPTION } from '../../policy/chosen-sessions.ts';
import { JSON_OPTION, POLICY_EXITS, policyExitCodes } from '../../policy/exits.ts';

export const suggestCommand: Command = {
  name: 'policy suggest',
  summary: 'Write a policy that permits what recorded sessions did',
  description: [
    'Reads what was done in sessions, best in one of `leash --mode record`, and prints Cedar that permits it, to be read, edited and saved. Added to a policy with `--policy`, it has only what that does not permit yet. Every statement says what speaks for it, and whether it permits more than was seen. docs/learning.md has the rules.',
    'Before anything is printed, the text is compiled, every recorded operation is put to it, and it is compared with the policy it is added to: it permits all that it was made from, and nothing that its statements do not say.',
    'Never suggested: what the policy or Leash forbids, what a person is asked about, and what the profile `base` forbids: credentials, private keys, what a repository would run. What is left out is said on standard error.',
    'With `--json`: `{"policy": text, "statements": [{"id", "text", "actions", "events", "sessions", "names", "examples": [name], "widening"?}], "operations": {"added", "permitted"}, "events": {"taken", "denied", "asked", "cut"}, "leftAlone": [{"why": "forbidden" | "asked" | "kept" | "nameless", "policies", "reason"?, "request", "events"}], "differences": [{"workspace", "differences"}], "sessions": [{"session", "events", "torn"}]}`; differences are those of `leash policy diff --json`.',
  ],
  usage: ['leash policy suggest [options] [session…]'],
  positionals: [
    {
      name: 'session',
      summary:
        'Sessions: ids, the beginnings or ends of ids, or `latest`; without any, the last, or all within `--since`',
      required: false,
      repeatable: true,
    },
  ],
  options: [
    {
      kind: 'value',
      name: 'policy',
      value: 'FILE',
      fallback: 'none: a policy that stands alone',
      summary: 'Policy to add to: a file, a profile, or - for standard input',
    },
    SINCE_OPTION,
    { kind: 'flag', name: 'include-denied', summary: 'Also suggest what was denied, and so not done' },
    { kind: 'flag', name: 'exact', summary: 'Widen nothing: every file, path and host by its name' },
    JSON_OPTION,
  ],
  examples: [
    { command: 'leash policy suggest > team.cedar', effect: 'a policy for what the last session did' },
    {
      command: 'leash policy suggest --policy team.cedar --since 7d >> team.cedar',
      effect: 'what a week of sessions needed and the policy does not permit',
    },
  ],
  exitCodes: policyExitCodes(
    'The suggestion is printed; one comment when nothing is missing',
    'There is no such session, or its journal cannot be trusted',
    'The policy cannot be read or has faults, or the suggestion is too large to be compared with it',
  ),
  ...POLICY_EXITS,
  load: async () => (await import('./suggest.ts')).suggest,
};
