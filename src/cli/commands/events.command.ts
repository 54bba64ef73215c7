// `leash events`, as data.
import { EXIT } from '../../host/errors.ts';
import type { EventAction } from '../../schema/event.ts';
import { FILE_ACTIONS } from '../../schema/request.ts';
import type { Command } from '../command.ts';

// A record, so that the compiler asks for every action there is.
const OTHER_ACTIONS: Readonly<Record<Exclude<EventAction, (typeof FILE_ACTIONS)[number]>, true>> = {
  ProcessExec: true,
  NetConnect: true,
  HttpRequest: true,
  DnsResolve: true,
  HttpRewrite: true,
  SecretUse: true,
  McpCall: true,
  SystemCall: true,
  PolicyLoad: true,
  SessionStart: true,
  SessionEnd: true,
};

export const eventsCommand: Command = {
  name: 'events',
  summary: 'Show what an agent did and what was decided',
  description: [
    'Prints the events of one session, oldest first, after checking the chain of its journal. A journal that was changed or damaged is printed up to the first place that cannot be trusted.',
    'Standard output has one line an event, which begins with its number: `leash policy explain --event <session>:<number>` says why it was decided so. With `--json` each is a JSON object with the fields of the event and its `session` and `seq`.',
  ],
  usage: ['leash events [options]'],
  positionals: [],
  options: [
    {
      kind: 'value',
      name: 'session',
      short: 's',
      value: 'ID',
      fallback: 'latest',
      summary: 'Session to show: an id, the beginning or end of one, or `latest`',
    },
    { kind: 'flag', name: 'follow', short: 'f', summary: 'Wait for further events until the session ends' },
    { kind: 'flag', name: 'denied', summary: 'Only what was denied, or would be in enforce mode' },
    {
      kind: 'value',
      name: 'action',
      value: 'ACTION',
      repeatable: true,
      choices: [...FILE_ACTIONS, ...Object.keys(OTHER_ACTIONS)],
      summary: 'Only events of this action',
    },
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
  load: async () => (await import('./events.ts')).events,
};
