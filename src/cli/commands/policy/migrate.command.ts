// `leash policy migrate`, as data.
import type { Command } from '../../command.ts';
import { JSON_OPTION, POLICY_EXITS, policyExitCodes } from '../../policy/exits.ts';

export const migrateCommand: Command = {
  name: 'policy migrate',
  summary: 'Rewrite a policy that leans on another reading than Cedar’s',
  description: [
    'For policies written for the reference system, which read two things otherwise: `resource == Dir::"/x"` meant all that lies in the directory, and `principal == User::"name"` was not looked at. Each becomes the Cedar that says so, and each such edit is shown with its change of meaning. What is exact without asking, every load does by itself; here it is written down.',
    'Then says where the two decide differently and no edit can know what was meant: a permit below a forbidden directory, where the reference let the longer path win and Cedar the forbid; and FileOpen in a list meant for reading.',
    'Prints the new text, the edits on standard error. Nothing is written unless the result passes `leash policy check`. A migrated text stays as it is.',
    'With `--json`: `{"name", "text", "edits": [{"line", "column", "length", "replacement", "meaning": "same" | "changed", "why"}], "warnings": [{"id", "line", "column", "message", "hint"}]}`.',
  ],
  usage: ['leash policy migrate [options] <file>'],
  positionals: [{ name: 'file', summary: 'Policy file, or - for standard input', required: true }],
  options: [{ kind: 'flag', name: 'write', short: 'w', summary: 'Write the result to the file' }, JSON_OPTION],
  examples: [
    { command: 'leash policy migrate old.cedar >new.cedar', effect: 'see what would change, keep both' },
    { command: 'leash policy migrate -w old.cedar', effect: 'change the file' },
  ],
  exitCodes: policyExitCodes(
    'Migrated, or there was nothing to do',
    undefined,
    'The policy cannot be read, or has faults that migration does not mend; nothing is written',
  ),
  ...POLICY_EXITS,
  load: async () => (await import('./migrate.ts')).migrate,
};
