// Events that belong to one MCP call in, the same in groups by what was done, and apart what may belong to another call, out.
import type { JournalEntry } from '../../journal/decoder.ts';
import type { EventAction } from '../../schema/event.ts';

export interface Group {
  readonly title: string;
  readonly entries: readonly JournalEntry[];
}

const NETWORK: readonly EventAction[] = ['NetConnect', 'DnsResolve', 'HttpRequest', 'HttpRewrite', 'SecretUse'];

function kindOf({ action }: JournalEntry['event']): string {
  if (action.startsWith('File')) return 'Files';
  if (action === 'ProcessExec') return 'Programs';
  return NETWORK.includes(action) ? 'Network' : 'Other';
}

const KINDS = ['Files', 'Programs', 'Network', 'Other'] as const;
const SHARED = 'During other calls of the same server, too';

/** Groups without entries are left out. */
export function grouped(effects: readonly JournalEntry[]): readonly Group[] {
  const isShared = ({ event }: JournalEntry): boolean => event.call?.includes(',') === true;
  const groups = KINDS.map((title) => ({
    title,
    entries: effects.filter((entry) => !isShared(entry) && kindOf(entry.event) === title),
  }));
  return [...groups, { title: SHARED, entries: effects.filter(isShared) }].filter(({ entries }) => entries.length > 0);
}
