// Events of one process in; the files, hosts and calls it used, with how often and how often in vain, out.
import type { EventEntry } from '../../../../src/schema/api.ts';
import { resourceName } from '../../../../src/schema/resource-name.ts';
import { classOf } from './digest.ts';

export interface Used {
  readonly name: string;
  events: number;
  denied: number;
}

export type UseKind = 'files' | 'hosts' | 'calls';

export interface ProcessUse {
  readonly kinds: Readonly<Record<UseKind, readonly Used[]>>;
}

/** Names that are kept of each kind. */
const MOST = 500;

function kindOf(entry: EventEntry): UseKind {
  const kind = classOf(entry.event.action);
  return kind === 'files' ? 'files' : kind === 'network' ? 'hosts' : 'calls';
}

/** Most denied first, then most used. */
export function usedBy(entries: readonly EventEntry[], pid: number): ProcessUse {
  const kinds: Record<UseKind, Map<string, Used>> = { files: new Map(), hosts: new Map(), calls: new Map() };
  for (const entry of entries) {
    const { event } = entry;
    if (event.who?.pid !== pid) continue;
    const kind = kinds[kindOf(entry)];
    const name = resourceName(event.resource);
    const known = kind.get(name) ?? { name, events: 0, denied: 0 };
    known.events += 1;
    known.denied += event.effect === 'deny' ? 1 : 0;
    kind.set(name, known);
  }
  const ordered = (kind: ReadonlyMap<string, Used>): readonly Used[] =>
    [...kind.values()].sort((one, other) => other.denied - one.denied || other.events - one.events).slice(0, MOST);
  return { kinds: { files: ordered(kinds.files), hosts: ordered(kinds.hosts), calls: ordered(kinds.calls) } };
}
