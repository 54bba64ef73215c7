// `leash events query`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command, ValueOption } from '../../command.ts';
import { ACTION_OPTION, DENIED_OPTION, SESSION_OPTION } from './options.ts';

function valueOption(name: string, value: string, summary: string, more: Partial<ValueOption> = {}): ValueOption {
  return { kind: 'value', name, value, summary, ...more };
}

export const queryCommand: Command = {
  name: 'events query',
  summary: 'Find events of a session by an index, or with SQL',
  description: [
    'The index is made from the verified journal with the first query, and brought up to date with each: `leash events reindex` says more. All filters that are given must match. Events are read from the journal, and one that was changed since it was indexed is refused.',
    'With `--sql` the tables of the index are asked: one SELECT, which cannot change anything, ends after `--timeout` and yields at most `--limit` rows. docs/events.md lists the columns. What the agent chose is printed so that it cannot drive your terminal.',
  ],
  usage: ['leash events query [options]', 'leash events query --sql SELECT [options]'],
  positionals: [],
  options: [
    SESSION_OPTION,
    DENIED_OPTION,
    ACTION_OPTION,
    valueOption('resource', 'NAME', 'Path, host or name of what it was done to; a last `*` stands for any end'),
    valueOption('exe', 'PATH', 'Program that did it; a last `*` stands for any end'),
    valueOption('via', 'SERVER', 'MCP server that did it, such as `mcp:files`; `mcp:*` is any of them'),
    valueOption('policy', 'ID', 'Policy among those that decided'),
    valueOption('error', 'NAME', 'Error that the agent received, such as EACCES'),
    valueOption('call', 'CALL', 'MCP call, such as c3: itself, and what its server did meanwhile'),
    valueOption(
      'since',
      'TIME',
      'From this time on: `2026-11-25T14:00`, `2026-11-25` or an age such as `10m`, `2h`, `3d`',
    ),
    valueOption('until', 'TIME', 'Up to this time, likewise'),
    valueOption('sql', 'SELECT', 'Ask the tables of the index'),
    { kind: 'flag', name: 'count', summary: 'Only how many match' },
    valueOption('limit', 'N', 'At most the last N events, or the first N rows of --sql', {
      short: 'n',
      fallback: '1000',
    }),
    valueOption('timeout', 'SECONDS', 'Longest time for --sql', { fallback: '10' }),
    { kind: 'flag', name: 'json', summary: 'One JSON object a line' },
  ],
  examples: [
    { command: "leash events query --resource '/etc/*' --denied", effect: 'what was refused below /etc' },
    { command: 'leash events query --exe /usr/bin/git --action NetConnect', effect: 'where git connected to' },
    { command: "leash events query --via 'mcp:*' --denied", effect: 'what MCP servers were refused' },
    {
      command:
        'leash events query --sql "SELECT resource, count(*) FROM events WHERE action = \'NetConnect\' GROUP BY 1"',
      effect: 'hosts, and how often',
    },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The query was answered; there may have been nothing' },
    {
      status: String(EXIT.failed),
      meaning: 'There is no such session, its journal cannot be trusted, or the query is refused',
    },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./query.ts')).query,
};
