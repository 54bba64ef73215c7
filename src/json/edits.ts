// A text and edits of it enter; the text with them made leaves, every other character as it was.
import type { Place } from './places.ts';

/** What stands from `start` up to but without `end` becomes `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @param edits none overlaps another. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  let done = '';
  let at = 0;
  for (const edit of edits.toSorted((one, two) => one.start - two.start)) {
    done += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return done + text.slice(at);
}

/** Takes items out of an array, each with one comma, so that what is left is an array. */
export function cutsOf(items: readonly Place[], isKept: (index: number) => boolean): readonly Edit[] {
  const kept = items.map((_, index) => isKept(index));
  const last = kept.lastIndexOf(true);
  const cuts: Edit[] = [];
  for (const [index, { start }] of items.slice(0, last + 1).entries())
    if (kept[index] === false) cuts.push({ start, end: items[index + 1]?.start ?? start, text: '' });
  const [first, final] = [items[last] ?? items[0], items.at(-1)];
  if (first === undefined || final === undefined || last === items.length - 1) return cuts;
  return [...cuts, { start: last < 0 ? first.start : first.end, end: final.end, text: '' }];
}
