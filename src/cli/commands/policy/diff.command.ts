// `leash policy diff`, as data.
import type { Command } from '../../command.ts';
import { JSON_OPTION, POLICY_EXITS, policyExitCodes } from '../../policy/exits.ts';
import { AGENT_OPTION, WORKSPACE_OPTION } from '../../policy/facts.ts';

export const diffCommand: Command = {
  name: 'policy diff',
  summary: 'Say what one policy allows or denies that another does not',
  description: [
    'Compares what two policies decide, over all requests that an agent can make: a difference is reported if and only if there is one, each with a shortest request that shows it, the statements that decide it on either side, and the conditions under which it holds. Texts that mean the same have no difference. `ask` lies between `deny` and `allow`; shadow policies decide nothing.',
    'Where a difference depends on what no automaton models, such as two parts of a request compared with each other, and no request is found that shows it, it is reported as possible, with what it depends on.',
    'The statements of Leash itself stand beside both policies, except those that protect a policy file.',
    'With `--json`: `{"differences": [{"action", "direction": "newly allowed" | "newly denied", "witness": request, "old": {"outcome": "deny" | "ask" | "allow", "policies": [id]}, "new": as old, "conditions": [string], "undecided": [string], "regions": number}]}`.',
  ],
  usage: ['leash policy diff [options] <old> <new>'],
  positionals: [
    { name: 'old', summary: 'Policy file, profile, or - for standard input', required: true },
    { name: 'new', summary: 'The same, of what is to take its place', required: true },
  ],
  options: [WORKSPACE_OPTION, AGENT_OPTION, JSON_OPTION],
  examples: [
    { command: 'leash policy diff coder team.cedar', effect: 'what your policy changes against a profile' },
    {
      command: 'git show HEAD:team.cedar | leash policy diff - team.cedar',
      effect: 'what an edit allows, for a commit hook',
    },
  ],
  exitCodes: policyExitCodes(
    'Nothing is newly allowed',
    'Something is, or may be, newly allowed',
    'A policy cannot be read, has faults, or the two are too complex to compare',
  ),
  ...POLICY_EXITS,
  load: async () => (await import('./diff.ts')).diff,
};
