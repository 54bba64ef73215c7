// `leash events verify`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';
import { SESSION_OPTION } from './options.ts';

export const verifyCommand: Command = {
  name: 'events verify',
  summary: 'Check the whole journal of a session, and say where it was altered',
  description: [
    'Reads every segment, and goes on after a fault. Each fault is one line: segment, line, byte offset, and what it is: `edited`, `missing`, `reordered`, `truncated`, `foreign` or `unreadable`.',
    'The chain has no key: who may write the whole folder can write another journal whose chain is right. Keep the hash that `--json` prints elsewhere, or export the events, where that matters.',
  ],
  usage: ['leash events verify [options]'],
  positionals: [],
  options: [SESSION_OPTION, { kind: 'flag', name: 'json', summary: 'The result as one JSON object' }],
  examples: [
    { command: 'leash events verify', effect: 'check the last session' },
    { command: 'leash events verify --session k3f9 --json', effect: 'the same of another, for a program' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The journal is whole' },
    { status: String(EXIT.failed), meaning: 'It is not, or there is no such session' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./verify.ts')).verify,
};
