// `leash demo`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const demoCommand: Command = {
  name: 'demo',
  summary: 'Watch an agent work, misbehave and be stopped; nothing leaves this machine',
  description: [
    'Installs claude-code into a folder of Leash, not globally, and runs it under `policies/demo.cedar` in a project made for the occasion. Its model is a script on a loopback port: it repairs a bug, then tries to read secrets, to run a forbidden program, to delete a file outside the workspace and to reach a forbidden host, and calls an MCP tool.',
    'Then prints from the journal what was allowed, what was stopped, and why.',
    'Where claude-code cannot be installed, says so and uses a small agent of its own.',
  ],
  usage: ['leash demo [options]'],
  positionals: [],
  options: [
    {
      kind: 'value',
      name: 'agent',
      value: 'AGENT',
      choices: ['claude', 'built-in'],
      fallback: 'claude',
      summary: 'Agent to run; `built-in` needs no installation',
    },
    { kind: 'flag', name: 'keep', summary: 'Keep the project, and say where it is' },
  ],
  examples: [{ command: 'leash demo', effect: 'the whole show, in about ten seconds' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The agent did its work, and everything it must not do was stopped' },
    { status: String(EXIT.failed), meaning: 'Something else happened; the report says what' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.leash), meaning: 'A session cannot start on this machine' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./demo.ts')).demo,
};
