// A session in, its index made anew out.
import { EXIT } from '../../../host/errors.ts';
import { refreshIndex } from '../../../journal/search/index-file.ts';
import { findSession } from '../../../journal/session-list.ts';
import { type Invocation, lastValue } from '../../command.ts';
import { print } from '../../terminal.ts';

/** `leash events reindex`. Throws LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT, LEASH_INDEX. */
export async function reindex(invocation: Invocation): Promise<number> {
  const { info, dir } = findSession(lastValue(invocation, 'session') ?? 'latest');
  const { events } = await refreshIndex(dir, true);
  await print(`session ${info.id}: ${events} ${events === 1 ? 'event' : 'events'} in the index`);
  return EXIT.ok;
}
