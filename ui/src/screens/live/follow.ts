// A feed's events, frame by frame, in; those that are new since the last frame out. No frame costs more than what came with it.
import type { EventEntry } from '../../../../src/schema/api.ts';
import type { Test } from './filter.ts';

/** Index of the first entry after `seq`; entries are in order of their numbers. */
export function firstAfter(entries: readonly EventEntry[], seq: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.seq ?? 0) > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Calls `take` once for each entry, however often it is shown the same feed. */
export class Follower {
  #last = -1;

  /** Number of the last entry that was taken. */
  get last(): number {
    return this.#last;
  }

  follow(entries: readonly EventEntry[], take: (entry: EventEntry) => void): void {
    for (let index = firstAfter(entries, this.#last); index < entries.length; index += 1) {
      const entry = entries[index];
      if (entry === undefined) continue;
      take(entry);
      this.#last = entry.seq;
    }
  }
}

/**
 * Those of a feed that pass a test. While it is held it stands still, so that what a person reads does not move, and counts what came
 * meanwhile; what the feed forgot is forgotten here too.
 */
export class Sieve {
  readonly #test: Test;
  #follower = new Follower();
  #shown: EventEntry[] = [];
  #isHeld = false;
  #waiting = 0;

  constructor(test: Test) {
    this.#test = test;
  }

  /** How many pass the test and are not shown, because it is held. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Oldest first. The array grows in place, and is another one when its oldest are forgotten. */
  get shown(): readonly EventEntry[] {
    return this.#shown;
  }

  hold(): void {
    this.#isHeld = true;
  }

  /** What came meanwhile is shown with the next frame. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#waiting === 0) return;
    this.#waiting = 0;
    this.#shown = [];
    this.#follower = new Follower();
  }

  follow(entries: readonly EventEntry[]): void {
    this.#follower.follow(entries, (entry) => {
      if (!this.#test(entry)) return;
      if (this.#isHeld) this.#waiting += 1;
      else this.#shown.push(entry);
    });
    const oldest = entries[0]?.seq ?? 0;
    if (this.#isHeld || (this.#shown[0]?.seq ?? oldest) >= oldest) return;
    this.#shown = this.#shown.slice(firstAfter(this.#shown, oldest - 1));
  }
}
