// A session's journal and a query in, one page of events out; readers that pages left are kept for the next.
import { LeashError } from '../../host/errors.ts';
import type { EventEntry, EventPage, EventQuery } from '../../schema/api.ts';
import type { Event } from '../../schema/event.ts';
import { resourceName } from '../../schema/resource-name.ts';
import { Cursor } from './cursor.ts';
import { failureOf } from './failure.ts';

/** Events that one page may look at: a filter that nothing fits must not keep others waiting. */
const LOOKED_AT_MAX = 200_000;
const PAGE_BYTES_MAX = 8 << 20;
/** Readers that wait for a next page; each holds one descriptor. */
const KEPT_MAX = 16;

function wanted(event: Event, { action, effect, text, pid, call, approval, since, until }: EventQuery): boolean {
  if (action !== undefined && event.action !== action) return false;
  if (effect !== undefined && event.effect !== effect) return false;
  if (pid !== undefined && event.who?.pid !== pid) return false;
  if (call !== undefined && event.call?.split(',').includes(call) !== true) return false;
  if (approval !== undefined && event.approval === undefined) return false;
  if (since !== undefined && event.time < since) return false;
  if (until !== undefined && event.time > until) return false;
  if (text === undefined) return true;
  const part = text.toLowerCase();
  const names = [event.resource, ...(event.target ? [event.target] : [])].map(resourceName);
  return names.some((name) => name.toLowerCase().includes(part));
}

export class JournalPages {
  /** The one that was used last stands last. */
  readonly #kept: Cursor[] = [];

  /** One that stands there, so that pages in order read each event once. */
  #take(dir: string, after: number): Cursor {
    const best = this.#kept.find((cursor) => cursor.dir === dir && cursor.last === after);
    if (best === undefined) return new Cursor(dir, after);
    this.#kept.splice(this.#kept.indexOf(best), 1);
    return best;
  }

  async #keep(cursor: Cursor): Promise<void> {
    this.#kept.push(cursor);
    if (this.#kept.length > KEPT_MAX) await this.#kept.shift()?.close();
  }

  /** Throws LEASH_SESSION_UNKNOWN. What cannot be trusted ends the page, and is said in it. */
  async page(dir: string, query: EventQuery & { readonly after: number; readonly limit: number }): Promise<EventPage> {
    const cursor = this.#take(dir, query.after);
    const events: EventEntry[] = [];
    let [looked, bytes, isEnd] = [0, 0, false];
    try {
      while (events.length < query.limit && looked < LOOKED_AT_MAX && bytes < PAGE_BYTES_MAX) {
        const entry = await cursor.next();
        if (entry === undefined) {
          isEnd = true;
          break;
        }
        if (entry.seq <= query.after) continue;
        looked += 1;
        if (!wanted(entry.event, query)) continue;
        events.push(entry);
        bytes += JSON.stringify(entry.event).length;
      }
    } catch (error) {
      const { last, state } = cursor;
      await cursor.close();
      if (!(error instanceof LeashError) || error.code !== 'LEASH_JOURNAL_CORRUPT') throw error;
      return { events, last: Math.max(last, query.after), isEnd: true, state, fault: failureOf(error) };
    }
    const { last, state } = cursor;
    await this.#keep(cursor);
    return { events, last: Math.max(last, query.after), isEnd, state };
  }

  async close(): Promise<void> {
    for (const cursor of this.#kept.splice(0)) await cursor.close();
  }
}
