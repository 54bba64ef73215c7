// Events in, what shadow statements would have decided otherwise out, alike ones together. Pure; each event is looked at once.
import type { EventEntry } from '../../../../src/schema/api.ts';
import { row } from '../../journal/row.ts';

export interface ShadowResult {
  readonly action: string;
  readonly resource: string;
  /** What it would have been, had the shadow statements been in force. */
  readonly would: 'allow' | 'deny';
  readonly count: number;
  /** The journal offset of the last one. */
  readonly last: number;
}

const MOST = 200;

export class ShadowTally {
  readonly #results = new Map<string, ShadowResult>();
  #seen = -1;
  #isCut = false;

  /** Those that are new; `entries` are in the order of their offsets. */
  take(entries: readonly EventEntry[]): void {
    let first = entries.length;
    while (first > 0 && (entries[first - 1]?.seq ?? -1) > this.#seen) first--;
    for (const entry of entries.slice(first)) this.#add(entry);
    this.#seen = entries.at(-1)?.seq ?? this.#seen;
  }

  #add(entry: EventEntry): void {
    const { shadow, effect } = entry.event;
    if (shadow === undefined || shadow === effect) return;
    const { action, resource } = row(entry);
    const key = JSON.stringify([action, resource, shadow]);
    const count = (this.#results.get(key)?.count ?? 0) + 1;
    if (count === 1 && this.#results.size >= MOST) this.#isCut = true;
    else this.#results.set(key, { action, resource, would: shadow, count, last: entry.seq });
  }

  /** There were more than are listed. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The most frequent first. */
  results(): readonly ShadowResult[] {
    return [...this.#results.values()].toSorted((a, b) => b.count - a.count || b.last - a.last);
  }
}
