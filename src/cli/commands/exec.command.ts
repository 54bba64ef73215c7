// `leash exec`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command } from '../command.ts';

export const execCommand: Command = {
  name: 'exec',
  summary: 'Run a further command in the sandbox of a session',
  description: [
    'Starts a command beside the agent: in the same sandbox, under the same policy and limits, recorded in the same journal. It sees and may do what the agent sees and may do, and the agent sees it, too.',
    'It is hung up when this command is ended, and killed when the agent ends.',
  ],
  usage: ['leash exec [options] <session> [--] <command> [argument…]'],
  positionals: [
    { name: 'session', summary: 'Its id, or the beginning or end of it, or `latest`', required: true },
    { name: 'command', summary: 'The command and its arguments', required: true, rest: true },
  ],
  options: [
    { kind: 'flag', name: 'interactive', short: 'i', summary: 'Pass standard input on' },
    { kind: 'flag', name: 'tty', short: 't', summary: 'On a terminal of its own, with what you type' },
  ],
  examples: [
    { command: 'leash exec -t latest bash', effect: 'a shell in the sandbox of the newest session' },
    { command: 'leash exec k3f9 -- git diff', effect: 'what the agent has changed, as it sees it' },
  ],
  exitCodes: [
    { status: 'that of the command', meaning: 'The command ran; 128 + n when signal n ended it' },
    { status: String(EXIT.failed), meaning: 'There is no such session, or it cannot be reached' },
    { status: String(EXIT.leash), meaning: 'The session ended, or cannot start commands' },
    { status: String(EXIT.cannotExecute), meaning: 'The command cannot be executed, or the policy forbids it' },
    { status: String(EXIT.notFound), meaning: 'There is no such command' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./exec.ts')).exec,
};
