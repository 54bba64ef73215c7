// `leash events reindex`, as data.
import { EXIT } from '../../../host/errors.ts';
import type { Command } from '../../command.ts';
import { SESSION_OPTION } from './options.ts';

export const reindexCommand: Command = {
  name: 'events reindex',
  summary: 'Make the index of a session anew',
  description: [
    'The index, `index.db` in the folder of the session, holds nothing that the journal does not: it may be deleted at any time. It is made with the first query; this command makes it beforehand, or again. It takes in only events whose chain holds.',
  ],
  usage: ['leash events reindex [options]'],
  positionals: [],
  options: [SESSION_OPTION],
  examples: [{ command: 'leash events reindex --session k3f9', effect: 'so that the first query is fast' }],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'The index is there' },
    { status: String(EXIT.failed), meaning: 'There is no such session, or its journal cannot be trusted' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./reindex.ts')).reindex,
};
