// `leash events`, as data.
import { EXIT } from '../../host/errors.ts';
import type { Command, CommandTable } from '../command.ts';
import { ACTION_OPTION, DENIED_OPTION, SESSION_OPTION } from './events/options.ts';

const COMMANDS: CommandTable = {
  query: async () => (await import('./events/query.command.ts')).queryCommand,
  verify: async () => (await import('./events/verify.command.ts')).verifyCommand,
  export: async () => (await import('./events/export.command.ts')).exportCommand,
  reindex: async () => (await import('./events/reindex.command.ts')).reindexCommand,
};

export const eventsCommand: Command = {
  name: 'events',
  summary: 'Show what an agent did and what was decided',
  description: [
    'Prints the events of one session, oldest first, after checking the chain of its journal. A journal that was changed or damaged is printed up to the first place that cannot be trusted.',
    'Standard output has one line an event, which begins with its number: `leash policy explain --event <session>:<number>` says why it was decided so. With `--json` each is a JSON object with the fields of the event and its `session` and `seq`.',
  ],
  usage: ['leash events [options]', 'leash events <command> [options]'],
  positionals: [],
  options: [
    SESSION_OPTION,
    { kind: 'flag', name: 'follow', short: 'f', summary: 'Wait for further events until the session ends' },
    DENIED_OPTION,
    ACTION_OPTION,
    {
      kind: 'value',
      name: 'limit',
      short: 'n',
      value: 'N',
      fallback: 'all',
      summary: 'At most the last N of the events there are',
    },
    { kind: 'flag', name: 'json', summary: 'One JSON object a line' },
  ],
  examples: [
    { command: 'leash events --denied', effect: 'what the last agent was not allowed to do, and why' },
    { command: 'leash events --follow --session k3f9', effect: 'watch a session while it runs' },
    {
      command: 'leash events --json --action NetConnect | jq -r .resource.name | sort | uniq -c',
      effect: 'hosts the agent connected to',
    },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The events were printed' },
    { status: String(EXIT.failed), meaning: 'There is no such session, or its journal cannot be trusted' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  commands: COMMANDS,
  load: async () => (await import('./events.ts')).events,
};
