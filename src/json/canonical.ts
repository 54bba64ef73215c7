// A value in sound JSON text enters; the one text leaves that every order of its keys, spacing and escaping has in common.
import { type Place, textAt } from './places.ts';

/** The canonical texts of the members of an object by their keys, in canonical order. */
export function canonicalMembers(text: string, { members = [] }: Place): ReadonlyMap<string, string> {
  // By UTF-16 code units, as `<` compares.
  const sorted = members.toSorted((one, two) => (one.key < two.key ? -1 : 1));
  return new Map(sorted.map(({ key, value }) => [key, canonicalText(text, value)]));
}

/** @param members as `canonicalMembers` gives them. */
export function canonicalObject(members: ReadonlyMap<string, string>): string {
  return `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

/**
 * The canonical form of RFC 8785, but for numbers, which keep their text: rounded to 64 bits, two that differ could look the same.
 *
 * @param place opened to the bottom.
 */
export function canonicalText(text: string, place: Place): string {
  if (place.items !== undefined) return `[${place.items.map((item) => canonicalText(text, item)).join(',')}]`;
  if (place.members !== undefined) return canonicalObject(canonicalMembers(text, place));
  const literal = textAt(text, place);
  return literal.startsWith('"') ? JSON.stringify(JSON.parse(literal)) : literal;
}
