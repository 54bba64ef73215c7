// The default command, as data.
import { EXIT } from '../../host/errors.ts';
import { MODES } from '../../schema/verdict.ts';
import type { Command } from '../command.ts';

export const runCommand: Command = {
  name: 'run',
  summary: 'Run an agent in a sandbox, under a policy',
  description: [
    'Starts the command in a sandbox, decides each file, process and network action by Cedar policy, and records it. `run` is the default: a first word that is not a command of Leash is the command to run, and after `--` every word is.',
    'The first word that is not an option ends the options of Leash; everything after it belongs to the command.',
    'Nothing is started when the policy or this machine does not allow complete mediation.',
  ],
  usage: ['leash [options] [--] <command> [argument…]', 'leash run [options] [--] <command> [argument…]'],
  positionals: [{ name: 'command', summary: 'The agent and its arguments', required: true, rest: true }],
  options: [
    {
      kind: 'value',
      name: 'policy',
      value: 'LIST',
      fallback: 'the profile of the agent, else `coder`',
      summary:
        'Profiles that decide, and at most one Cedar file, separated by commas; a forbid of any outweighs the rest',
    },
    {
      kind: 'value',
      name: 'mode',
      value: 'MODE',
      choices: MODES,
      fallback: 'enforce',
      summary:
        '`enforce` stops what is denied; `shadow` records it and lets it pass; `record` the same, to learn a policy from',
    },
    {
      kind: 'value',
      name: 'workspace',
      short: 'C',
      value: 'DIR',
      fallback: 'the current directory',
      summary: 'Directory the agent works in',
    },
    {
      kind: 'value',
      name: 'env',
      short: 'e',
      value: 'NAME[=VALUE]',
      repeatable: true,
      summary: 'Set a variable for the agent; without a value, pass on the one of that name',
    },
    {
      kind: 'value',
      name: 'resolve',
      value: 'HOST[:PORT]:ADDRESS[:PORT]',
      repeatable: true,
      summary: 'Reach HOST at ADDRESS, as with curl; an IPv6 address stands in brackets',
    },
    {
      kind: 'value',
      name: 'ca',
      value: 'FILE',
      repeatable: true,
      summary: 'Trust the certificates in this PEM file, too, when connecting to servers',
    },
    { kind: 'flag', name: 'quiet', short: 'q', summary: 'Say nothing but errors' },
    { kind: 'flag', name: 'verbose', summary: 'Say more about what is set up' },
    { kind: 'flag', name: 'version', summary: 'Print the version' },
  ],
  examples: [
    { command: 'leash claude', effect: 'run Claude Code in the current directory under its own profile' },
    { command: 'leash --policy team.cedar -- codex exec "fix the tests"', effect: 'run Codex under your own policy' },
    {
      command: 'leash --policy node,no-secrets claude',
      effect: 'permit your npm registry, forbid keys and `.env` files',
    },
    { command: 'leash --mode shadow npm test', effect: 'see what would be denied, without denying it' },
    {
      command: 'leash -e ANTHROPIC_API_KEY -C ~/project claude',
      effect: 'pass a variable on and work in another directory',
    },
  ],
  exitCodes: [
    { status: 'that of the command', meaning: 'The command ran; 128 + n when signal n ended it' },
    {
      status: String(EXIT.leash),
      meaning: 'Leash could not start, or stopped the agent because it could no longer mediate',
    },
    { status: String(EXIT.cannotExecute), meaning: 'The command cannot be executed, or the policy forbids it' },
    { status: String(EXIT.notFound), meaning: 'There is no such command' },
  ],
  usageExit: EXIT.leash,
  load: async () => async (invocation) => {
    if (invocation.flags.has('version')) return (await import('./version.ts')).showVersion();
    const { runArgs } = await import('../run-args.ts');
    const args = runArgs(invocation);
    const { run } = await import('./run.ts');
    return run(args);
  },
};
