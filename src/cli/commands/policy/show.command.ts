// `leash policy show`, as data.
import type { Command } from '../../command.ts';
import { JSON_OPTION, POLICY_EXITS, policyExitCodes } from '../../policy/exits.ts';
import { AGENT_OPTION, WORKSPACE_OPTION } from '../../policy/facts.ts';

export const showCommand: Command = {
  name: 'policy show',
  summary: 'Print the policy that is, or would be, in force',
  description: [
    'Prints every statement a session has: those of the policy and those of Leash itself, each under its id and place, with `@workspace/`, `@home/` and `@tmp/` replaced by the directories they stand for. The output is Cedar.',
    'With `--json`: `{"name", "epoch"?, "facts": {"agent", "user", "workspace", "home", "tmp"}, "statements": [{"id", "effect", "source", "line", "column", "mode", "expired", "annotations": {name: value}, "text"}]}`; with `--list`: `{"profiles": [{"name", "summary", "default"}]}`.',
  ],
  usage: [
    'leash policy show [options] [file]',
    'leash policy show [options] --session <id>',
    'leash policy show --list',
  ],
  positionals: [{ name: 'file', summary: 'Policy file, profile, or - for standard input', required: false }],
  options: [
    {
      kind: 'value',
      name: 'session',
      short: 's',
      value: 'ID',
      summary: 'Policy in force in a session: an id, the beginning or end of one, or `latest`',
    },
    { kind: 'flag', name: 'list', summary: 'List the profiles that Leash ships' },
    WORKSPACE_OPTION,
    AGENT_OPTION,
    JSON_OPTION,
  ],
  examples: [
    { command: 'leash policy show', effect: 'what `leash claude` would run under, here' },
    { command: 'leash policy show --session latest', effect: 'what the last session had in force at its end' },
  ],
  exitCodes: policyExitCodes(
    'The policy was printed',
    'There is no such session, or its record cannot be read',
    `The policy cannot be read or has faults`,
  ),
  ...POLICY_EXITS,
  load: async () => (await import('./show.ts')).show,
};
