// A key of a JSON object enters; what readers that do not tell upper from lower case take it for leaves.

/** Go matches keys by Unicode case folding (`encoding/json`, Unmarshal), so `paramſ` and `paramS` are `params`; .NET can be told to. */
export function foldedKey(key: string): string {
  return (/^[\x20-\x7e]*$/.test(key) ? key : key.normalize('NFKC')).toLowerCase();
}

/** Names by their folded keys. */
export type Spellings = ReadonlyMap<string, string>;

export function spellingsOf(names: readonly string[]): Spellings {
  return new Map(names.map((name) => [foldedKey(name), name]));
}

/** The first key that such a reader takes for one of the names though it is spelled otherwise, and that name. */
export function misspelled(keys: readonly string[], names: Spellings): readonly [string, string] | undefined {
  for (const key of keys) {
    const name = names.get(foldedKey(key));
    if (name !== undefined && name !== key) return [key, name];
  }
  return undefined;
}
