// `leash events export`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';
import { SESSION_OPTION } from './options.ts';

export const exportCommand: Command = {
  name: 'events export',
  summary: 'Write the events of a session for other programs',
  description: [
    'The chain is checked while it is read; at the first place that cannot be trusted the export ends, with status 1.',
    'The format `jsonl` is one JSON object an event, with the fields of the event and its `session` and `seq`.',
    'The format `otlp` sends log records and spans to an OpenTelemetry Collector, at `--endpoint` or where `OTEL_EXPORTER_OTLP_ENDPOINT` says; identifiers are the same as those of a session that sends its events itself.',
  ],
  usage: ['leash events export [options]'],
  positionals: [],
  options: [
    SESSION_OPTION,
    {
      kind: 'value',
      name: 'format',
      value: 'FORMAT',
      choices: ['jsonl', 'otlp'],
      fallback: 'jsonl',
      summary: 'What is written',
    },
    {
      kind: 'value',
      name: 'endpoint',
      value: 'URL',
      fallback: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      summary: 'Collector that `otlp` is sent to, without the path of a signal',
    },
    {
      kind: 'value',
      name: 'output',
      short: 'o',
      value: 'FILE',
      fallback: 'standard output',
      summary: 'A new file, readable by you alone, that is there only once it is complete',
    },
  ],
  examples: [{ command: 'leash events export -o events.jsonl', effect: 'keep the events of the last session' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'All events were exported' },
    {
      status: String(EXIT.failed),
      meaning: 'There is no such session, its journal cannot be trusted, or the file cannot be written',
    },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./export.ts')).exportEvents,
};
