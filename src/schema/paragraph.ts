// What is said of a difference, for people.

/** A heading and its lines, in English; names in them are the agent's. */
export interface Paragraph {
  readonly heading: string;
  readonly lines: readonly string[];
}
