// A JSON object enters; its fields leave by name, in whichever spelling a server would take them, and what servers would read differently.
import { type JsonObject, type JsonValue, quoted } from '../../json/strict-json.ts';

/** Adds a reason why the request cannot be judged. */
export type Complain = (fault: string) => void;

/** The value of a field by its name in `snake_case`; undefined when it is absent or null. */
export type Fields = (name: string) => JsonValue | undefined;

/** Go and .NET match keys without regard to case, Go also `ſ` with `s`; the JSON of Protocol Buffers has two spellings of a name. */
function folded(key: string): string {
  const plain = /^[\x20-\x7e]*$/.test(key) ? key : key.normalize('NFKC');
  return plain.toLowerCase().replaceAll(/[_-]/g, '');
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The spelling that policies and events use: `googleSearch` is `google_search`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

export function fieldsOf(object: JsonObject, complain: Complain): Fields {
  const spellings = new Map<string, string[]>();
  for (const key of Object.keys(object)) {
    const name = folded(key);
    spellings.set(name, [...(spellings.get(name) ?? []), key]);
  }
  return (name) => {
    const [key, second] = spellings.get(folded(name)) ?? [];
    if (key === undefined) return undefined;
    if (second !== undefined) complain(`${quoted(key)} and ${quoted(second)} are two spellings of one field`);
    else if (key !== name && key !== camelCase(name)) complain(`${quoted(key)} may be read as "${name}"`);
    return object[key] ?? undefined;
  };
}
