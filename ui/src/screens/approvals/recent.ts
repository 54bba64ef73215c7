// Sessions in; what was asked in them lately and how it ended, newest first, out. Each page of a journal is read once.
import type { EventEntry, EventPage, EventQuery } from '../../../../src/schema/api.ts';

const KEPT = 50;
const PAGES_AT_ONCE = 20;

export interface Ended extends EventEntry {
  readonly session: string;
}

export type Pages = (session: string, query: EventQuery) => Promise<EventPage>;

export class RecentAnswers {
  readonly #pages: Pages;
  readonly #after = new Map<string, number>();
  #kept: readonly Ended[] = [];

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  /** Reads what is new in the journals. */
  async read(sessions: readonly string[]): Promise<readonly Ended[]> {
    for (const session of sessions) {
      // A journal that cannot be read hides no other.
      const found = await this.#new(session).catch(() => []);
      this.#kept = [...this.#kept, ...found].toSorted((a, b) => b.event.time - a.event.time).slice(0, KEPT);
    }
    return this.#kept;
  }

  async #new(session: string): Promise<readonly Ended[]> {
    const found: Ended[] = [];
    for (let pages = 0; pages < PAGES_AT_ONCE; pages++) {
      const after = this.#after.get(session) ?? -1;
      const { events, last, isEnd } = await this.#pages(session, { after, approval: 'any' });
      found.push(...events.map((entry) => ({ ...entry, session })));
      this.#after.set(session, last);
      if (isEnd || last === after) break;
    }
    return found;
  }
}

/** The last events of a process before a question. @param pages of its session */
export async function lastOf(
  pages: Pages,
  session: string,
  pid: number,
  opened: number,
): Promise<readonly EventEntry[]> {
  let kept: readonly EventEntry[] = [];
  let after = -1;
  for (let read = 0; read < PAGES_AT_ONCE; read++) {
    const { events, last, isEnd } = await pages(session, { after, pid, since: opened - BEFORE });
    kept = [...kept, ...events].slice(-SHOWN);
    if (isEnd || last === after) break;
    after = last;
  }
  return kept;
}

/** Milliseconds that are looked back. */
const BEFORE = 600_000;
const SHOWN = 8;
