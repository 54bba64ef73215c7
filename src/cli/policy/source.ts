// The word that names a policy in, its text out: a file, a built-in profile, or `-` for standard input.
import { existsSync } from 'node:fs';
import { LeashError } from '../../host/errors.ts';
import { MAX_TEXT } from '../../policy/check/limits.ts';
import { composeProfiles, DEFAULT_PROFILE, isProfile, profileNames } from '../../policy/profile.ts';
import type { Source } from '../../policy/text/diagnostic.ts';
import { readStream, readText } from '../../policy/text/read-text.ts';
import { nearest } from '../suggest.ts';

export interface NamedSource extends Source {
  /** Path as given, of a policy that is a file. */
  readonly file?: string;
}

export const STANDARD_INPUT = '-';

/** A slash or a dot makes a word a path, so that a file may have the name of a profile. */
function isPath(word: string): boolean {
  return /[/.]/.test(word);
}

function missing(word: string, names: readonly string[]): LeashError {
  const meant = isPath(word) ? undefined : nearest(word, names);
  const ways = meant === undefined ? `the profiles are ${names.join(', ')}` : `did you mean the profile ${meant}?`;
  return new LeashError('LEASH_POLICY_READ', `there is no policy file or profile ${JSON.stringify(word)}; ${ways}`);
}

/**
 * Reads the policy that `word` names; without one, the default profile.
 * Throws LEASH_POLICY_READ: missing, no regular file, more than MAX_TEXT bytes, not UTF-8.
 */
export async function readSource(word: string = DEFAULT_PROFILE): Promise<NamedSource> {
  if (word === STANDARD_INPUT) {
    return { name: 'standard input', text: await readStream('standard input', process.stdin, MAX_TEXT) };
  }
  const names = profileNames();
  const listed = word.split(',');
  if (!isPath(word) && listed.every(isProfile)) return composeProfiles(listed);
  if (!isPath(word) && !existsSync(word)) throw missing(word, names);
  return { name: word, file: word, text: readText(word, MAX_TEXT) };
}

/** Reads each of `words` in turn; standard input at most once. Throws LEASH_USAGE, LEASH_POLICY_READ. */
export async function readSources(words: readonly string[]): Promise<readonly NamedSource[]> {
  if (words.filter((word) => word === STANDARD_INPUT).length > 1) {
    throw new LeashError('LEASH_USAGE', 'standard input can be read once, but - is given twice');
  }
  const sources: NamedSource[] = [];
  for (const word of words.length === 0 ? [undefined] : words) sources.push(await readSource(word));
  return sources;
}
