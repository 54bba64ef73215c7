// What a person names in: paths of the host, or relative to what is under review; the changes meant out. Pure.
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import type { Change } from './change.ts';
import { fromText, isBelow } from './name.ts';
import type { ReviewRecord } from './record.ts';

function isNamed({ root, path: at }: Change, record: ReviewRecord, absolute: string): boolean {
  const source = record.roots[root]?.source ?? '';
  if (absolute === source) return true;
  if (!absolute.startsWith(`${source}/`)) return false;
  const wanted = fromText(absolute.slice(source.length + 1));
  return at === wanted || isBelow(at, wanted);
}

/**
 * A path names a file, or a folder with all in it.
 * @param from the folder that relative paths start in; where it names nothing, they start in the first place under review
 * @throws {LeashError} LEASH_REVIEW_NONE when one names no change, LEASH_USAGE when one is empty
 */
export function chosen(
  all: readonly Change[],
  record: ReviewRecord,
  words: readonly string[],
  from: string,
): readonly Change[] {
  if (words.length === 0) return all;
  const named = new Set<Change>();
  for (const word of words) {
    // A variable of a shell that is not set; as a path it would be the folder, and all that waits.
    if (word === '') throw new LeashError('LEASH_USAGE', 'an empty word names no path; --all means everything');
    const places = [path.resolve(from, word), path.resolve(record.roots[0]?.source ?? '/', word)];
    const found = places
      .map((place) => all.filter((change) => isNamed(change, record, place)))
      .find((one) => one.length > 0);
    if (found === undefined) throw new LeashError('LEASH_REVIEW_NONE', `nothing waits at ${JSON.stringify(word)}`);
    for (const change of found) named.add(change);
  }
  return all.filter((change) => named.has(change));
}
