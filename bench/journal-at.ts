// A folder and an id in; the journal of a session that this process seems to run, open there, out.
import { type JournalWriter, openJournal } from '../src/journal/writer.ts';

/** It throws when an event cannot be written. */
export function journalAt(dir: string, id: string): JournalWriter {
  const info = { v: 1, id, command: ['x'], workspace: '/', user: 'u', mode: 'enforce', engine: 's' } as const;
  return openJournal(
    dir,
    { ...info, backend: 'b', policy: 'p', started: Date.now(), pid: process.pid },
    {
      onError: (error) => {
        throw error;
      },
    },
  );
}
