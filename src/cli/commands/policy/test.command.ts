// `leash policy test`, as data.
import type { Command } from '../../command.ts';
import { JSON_OPTION, POLICY_EXITS, policyExitCodes } from '../../policy/exits.ts';

export const testCommand: Command = {
  name: 'policy test',
  summary: 'Run tests of a policy',
  description: [
    'Takes two kinds of file. `.json`: the format of the official `cedar run-tests`, a list of `{"name"?, "request": {"principal", "action", "resource", "context"}, "entities", "decision", "reason", "num_errors"}`; `entities` may be left out, and then are those a session would make. `.cases`: a line each of effect, action, resource and the ids of all determining policies, as policies/coder.cases explains.',
    'Every test is put to the official Cedar authorizer and, when a session could ask the same, to the evaluator of Leash as well; a test fails when the two differ.',
    'In every test the agent is `claude`, the user `user`, and the workspace, home and temporary directory are `/workspace/`, `/home/user/` and `/tmp/`.',
    'With `--json`: `{"files": [{"name", "policy", "passed", "failed", "tests": [{"name", "ok", "problems": [string]}]}]}`.',
  ],
  usage: ['leash policy test [options] <file…>'],
  positionals: [{ name: 'file', summary: 'Files of tests, or names of profiles', required: true, repeatable: true }],
  options: [
    {
      kind: 'value',
      name: 'policy',
      value: 'FILE',
      fallback: 'the file beside the tests with the same name and the ending .cedar',
      summary: 'Policy to test: a file, a profile, or - for standard input',
    },
    { kind: 'flag', name: 'verbose', short: 'v', summary: 'Print the tests that pass, too' },
    JSON_OPTION,
  ],
  examples: [
    { command: 'leash policy test coder', effect: 'the tests of the default profile' },
    { command: 'leash policy test --policy team.cedar tests/*.json', effect: 'tests of your own policy' },
  ],
  exitCodes: policyExitCodes(
    'All tests passed',
    'A test failed',
    'The policy or the tests cannot be read, or the policy has faults',
  ),
  ...POLICY_EXITS,
  load: async () => (await import('./test.ts')).test,
};
