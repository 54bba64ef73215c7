// A value in a message enters; its leaves by JSON pointer leave, as policies see them, and why servers may take them for something else.
import { numberText } from '../json/number-text.ts';
import { type Place, textAt, visitLeaves } from '../json/places.ts';
import { isObject, type JsonObject, type JsonValue, quoted } from '../json/strict-json.ts';
import { foldedKey } from './folded-key.ts';

export interface CallArguments {
  readonly args: ReadonlyMap<string, string>;
  /** Why servers may read other values than these. Nothing that a policy decides by them can be relied on. */
  readonly doubt: string | undefined;
}

const MAX_LEAVES = 16_384;
/** Of keys and values, in UTF-16 code units. */
const MAX_LENGTH = 33_554_432;

/** RFC 6901, without the first slash. */
function pointer(path: readonly string[]): string {
  return path.map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
}

function leaves(value: JsonValue, left: number): number {
  if (typeof value !== 'object' || value === null || left < 0) return left - 1;
  let rest = left;
  let isEmpty = true;
  for (const key in value) {
    isEmpty = false;
    rest = leaves((value as Record<string, JsonValue>)[key] as JsonValue, rest);
    if (rest < 0) break;
  }
  return isEmpty ? rest - 1 : rest;
}

/** Servers in Go put `Path` and `path` into one field, and the last wins. */
function twice(value: JsonValue): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isObject(value)) {
    const seen = new Map<string, string>();
    for (const key of Object.keys(value)) {
      const folded = foldedKey(key);
      const other = seen.get(folded);
      if (other !== undefined) return `${quoted(other)} and ${quoted(key)} are one name to servers that ignore case`;
      seen.set(folded, key);
    }
  }
  for (const inner of Object.values(value) as JsonValue[]) {
    const found = twice(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Strings are themselves, numbers the one text of their value (`100` for `1e2`), `true`, `false` and `null` their names; a container
 * without content is `{}` or `[]`, any other is what it contains.
 *
 * @param place tells where the object stands in `text`, opened to the bottom; called if the object has any content.
 * @returns a fault when there are more than 16,384 leaves, or more than 32 Mi of text.
 */
export function readArguments(text: string, value: JsonObject, place: () => Place): CallArguments | { fault: string } {
  if (Object.keys(value).length === 0) return { args: new Map(), doubt: undefined };
  if (leaves(value, MAX_LEAVES) < 0) return { fault: `there are more than ${MAX_LEAVES} arguments` };
  const args = new Map<string, string>();
  let doubt = twice(value);
  let length = 0;
  visitLeaves(value, place(), (path, leaf, where) => {
    const literal = textAt(text, where);
    const number = typeof leaf === 'number' ? numberText(literal) : undefined;
    if (number?.isExact === false) doubt ??= `the number ${quoted(literal)} is rounded by some servers`;
    // Ends the text for servers that hand it to C.
    if (typeof leaf === 'string' && leaf.includes('\0')) doubt ??= 'a text holds the character NUL';
    const key = pointer(path);
    const shown = typeof leaf === 'object' && leaf !== null ? (Array.isArray(leaf) ? '[]' : '{}') : String(leaf);
    args.set(key, number?.text ?? shown);
    length += key.length + shown.length;
  });
  return length > MAX_LENGTH ? { fault: 'the arguments are too long' } : { args, doubt };
}
