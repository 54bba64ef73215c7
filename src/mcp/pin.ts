// The definition of a tool enters, as the server sent it; its pin leaves, and what changed since the pin that is known.
import { createHash } from 'node:crypto';
import { canonicalMembers, canonicalObject } from '../json/canonical.ts';
import { placeOf } from '../json/places.ts';

/** Small, and safe to keep: it holds the names of fields and no content. */
export interface Pin {
  /** SHA-256 of the canonical text of the whole object, lower-case hexadecimal. */
  readonly digest: string;
  /** The same of each of its fields, of the first 64 in canonical order; but not of those whose names are longer than 64 characters. */
  readonly fields: Readonly<Record<string, string>>;
}

export type PinState =
  | { readonly state: 'first' }
  | { readonly state: 'same' }
  /** `fields`: that came, went or differ, in the order of the alphabet; none when it is a field that has no digest of its own. */
  | { readonly state: 'changed'; readonly fields: readonly string[] };

const MAX_FIELDS = 64;
const MAX_NAME = 64;

function digestOf(canonical: string): string {
  return createHash('sha256').update(canonical).digest('hex');
}

/**
 * Of everything that the server sent of the tool, not only of name, description and schema: a model reads titles, annotations, icons and
 * `_meta`, too.
 *
 * @param text one JSON object to the letter, as `Keeps` is given it.
 */
export function pinOf(text: string): Pin {
  const members = canonicalMembers(text, placeOf(text));
  const fields = [...members]
    .slice(0, MAX_FIELDS)
    .flatMap(([key, canonical]) => (key.length > MAX_NAME ? [] : [[key, digestOf(canonical)]]));
  return { digest: digestOf(canonicalObject(members)), fields: Object.fromEntries(fields) as Record<string, string> };
}

/** @param known what was seen first, or approved last; undefined: nothing. */
export function comparePin(known: Pin | undefined, seen: Pin): PinState {
  if (known === undefined) return { state: 'first' };
  if (known.digest === seen.digest) return { state: 'same' };
  const names = new Set([...Object.keys(known.fields), ...Object.keys(seen.fields)]);
  const fields = [...names].filter((name) => known.fields[name] !== seen.fields[name]).sort();
  return { state: 'changed', fields };
}
