// `leash policy fmt`, as data.
import type { Command } from '../../command.ts';
import { JSON_OPTION, POLICY_EXITS, policyExitCodes } from '../../policy/exits.ts';

export const fmtCommand: Command = {
  name: 'policy fmt',
  summary: 'Lay a policy out as the official Cedar formatter does',
  description: [
    'Prints the formatted text. Comments stay, and so does every token: a text of which the formatter would lose something is refused.',
    'With `--json`: `{"files": [{"name", "formatted": boolean, "text"}]}`, where `formatted` says that the text was in this layout already.',
  ],
  usage: ['leash policy fmt [options] [file…]'],
  positionals: [
    { name: 'file', summary: 'Policy files, profiles, or - for standard input', required: false, repeatable: true },
  ],
  options: [
    {
      kind: 'flag',
      name: 'check',
      summary: 'Print the names of files that are laid out otherwise, and change nothing',
    },
    { kind: 'flag', name: 'write', short: 'w', summary: 'Write the result to the files' },
    JSON_OPTION,
  ],
  examples: [
    { command: 'leash policy fmt -w team.cedar', effect: 'format a file in its place' },
    { command: 'leash policy fmt --check policies/*.cedar', effect: 'fail when one is not formatted' },
  ],
  exitCodes: policyExitCodes(
    'Formatted; with --check: all are laid out so',
    'With --check: some are laid out otherwise',
    'A policy cannot be read, has syntax errors, passes a limit, or would lose something',
  ),
  ...POLICY_EXITS,
  load: async () => (await import('./fmt.ts')).fmt,
};
