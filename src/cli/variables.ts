// The options of `run` and the variables of Leash's own environment in; what they say in the words of the command line out.
import { LeashError } from '../host/errors.ts';
import type { Option } from './command.ts';
import { nearest } from './suggest.ts';
import { printable } from './terminal.ts';

/** Variables that are no option. LEASH, LEASH_DENIALS: what Leash sets for its agents. */
const OTHERS = ['LEASH_HOME', 'LEASH_DEBUG', 'LEASH_NATIVE_DIR', 'LEASH_FETCH_SECONDS', 'LEASH_DENIALS'] as const;

const YES = ['1', 'true', 'yes', 'on'];
const NO = ['0', 'false', 'no', 'off'];

/** @param from where the value stands, for the message. @throws {LeashError} LEASH_USAGE */
export function isSet(value: string, from: string): boolean {
  const word = value.toLowerCase();
  if (YES.includes(word)) return true;
  if (NO.includes(word)) return false;
  throw new LeashError('LEASH_USAGE', `${from} is ${JSON.stringify(value)}; it is one of 1, 0, true, false`);
}

/** @throws {LeashError} LEASH_USAGE */
export function requireChoice(option: Option, value: string, from: string): void {
  if (option.kind !== 'value' || option.choices === undefined || option.choices.includes(value)) return;
  throw new LeashError(
    'LEASH_USAGE',
    `${from} is ${JSON.stringify(value)}, which is unknown; it is one of ${option.choices.join(', ')}`,
  );
}

/** A line for each variable that looks like one of Leash's, misspelt: it says nothing to Leash, and its owner should know. */
export function misspelt(
  rules: readonly { readonly variables?: readonly string[] }[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const known = [...rules.flatMap(({ variables = [] }) => variables), ...OTHERS];
  return Object.keys(env)
    .filter((name) => name.startsWith('LEASH_') && !known.includes(name))
    .flatMap((name) => {
      const meant = nearest(name, known);
      return meant === undefined ? [] : [`the variable ${printable(name)} is unknown; did you mean ${meant}?`];
    });
}
