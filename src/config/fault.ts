// What is wrong in a configuration, and at which key; the reader adds file and line.
import { closest } from '../schema/suggestion.ts';

export class ConfigFault extends Error {
  /** Outermost first. */
  readonly keys: readonly string[];

  constructor(message: string, ...keys: readonly string[]) {
    super(message);
    this.keys = keys;
  }
}

/** What to say to a word that is not known. */
export function insteadOf(word: string, known: readonly string[]): string {
  const meant = closest(word, known);
  return meant === undefined ? `the keys are ${known.join(', ')}` : `did you mean ${meant}?`;
}
