// `leash policy check`, as data.
import type { Command } from '../../command.ts';
import { JSON_OPTION, POLICY_EXITS, policyExitCodes } from '../../policy/exits.ts';
import { WORKSPACE_OPTION } from '../../policy/facts.ts';

export const checkCommand: Command = {
  name: 'policy check',
  summary: 'Find every fault of a policy before a session does',
  description: [
    'Reports all syntax errors, unknown names, policies that can never apply and limits passed, each with line, column and a hint; then what is no fault: rewrites made, expired policies, annotations that look misspelt.',
    'Of a policy without faults it says who decides: the table in the warden, from the path alone; the manager, because of the conditions named; or the proxy.',
    'With `--json`: `{"files": [{"name", "ok", "faults": [{"line", "column", "length", "message", "hint"?}], "notes": [as faults], "policies": [{"id", "effect", "line", "column", "mode", "expired", "table": [action], "manager": [{"action", "conditions": [string]}], "proxy": [action]}]}]}`.',
  ],
  usage: ['leash policy check [options] [file…]'],
  positionals: [
    { name: 'file', summary: 'Policy files, profiles, or - for standard input', required: false, repeatable: true },
  ],
  options: [WORKSPACE_OPTION, JSON_OPTION],
  examples: [
    { command: 'leash policy check team.cedar', effect: 'all faults of one policy' },
    { command: 'leash policy check --json - <team.cedar', effect: 'the same for an editor' },
  ],
  exitCodes: policyExitCodes('No faults', 'Faults were found', 'A policy cannot be read'),
  ...POLICY_EXITS,
  load: async () => (await import('./check.ts')).check,
};
