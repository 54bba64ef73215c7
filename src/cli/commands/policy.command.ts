// `leash policy`, as data: it holds the commands about policies.
import { EXIT } from '../../host/errors.ts';
import type { Command, CommandTable } from '../command.ts';

const COMMANDS: CommandTable = {
  check: async () => (await import('./policy/check.command.ts')).checkCommand,
  explain: async () => (await import('./policy/explain.command.ts')).explainCommand,
  show: async () => (await import('./policy/show.command.ts')).showCommand,
  test: async () => (await import('./policy/test.command.ts')).testCommand,
  diff: async () => (await import('./policy/diff.command.ts')).diffCommand,
  suggest: async () => (await import('./policy/suggest.command.ts')).suggestCommand,
  backtest: async () => (await import('./policy/backtest.command.ts')).backtestCommand,
  fmt: async () => (await import('./policy/fmt.command.ts')).fmtCommand,
  migrate: async () => (await import('./policy/migrate.command.ts')).migrateCommand,
};

export const policyCommand: Command = {
  name: 'policy',
  summary: 'Check, explain, test, format and show policies',
  description: [
    'A policy is Cedar text: a file, `-` for standard input, or the name of a profile that Leash ships. A word with a slash or a dot is a file; without a word, the default profile is meant.',
    'Nothing is run and no session is touched. Outside a session the workspace is the current directory.',
  ],
  usage: ['leash policy <command> [options]'],
  positionals: [{ name: 'command', summary: 'What to do', required: true, rest: true }],
  options: [],
  examples: [
    { command: 'leash policy check team.cedar', effect: 'every fault of a policy, each with its place' },
    { command: 'leash policy explain FileWrite .git/config', effect: 'what the default profile says, and why' },
  ],
  exitCodes: [{ status: String(EXIT.usage), meaning: 'There is no such command; each command says its own' }],
  usageExit: EXIT.usage,
  commands: COMMANDS,
  load: async () => (await import('./help.ts')).onlyCommands(COMMANDS),
};
