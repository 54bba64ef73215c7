// A response enters; the edits leave that take out of its lists what the client is not to see.
import { cutsOf, type Edit } from '../json/edits.ts';
import { memberPlace, placeOf, textAt } from '../json/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../json/strict-json.ts';
import { foldedKey, type Spellings, spellingsOf } from './folded-key.ts';
import type { ResponseMessage } from './message.ts';

const KINDS = ['tools', 'prompts', 'resources', 'resourceTemplates'] as const;
export type ListKind = (typeof KINDS)[number];

/** @param text of the entry to the letter, for its pin. */
export type Keeps = (kind: ListKind, entry: JsonObject, text: string) => boolean;

const SPELLINGS: Spellings = spellingsOf(KINDS);

function mayKeep(kind: ListKind, entry: JsonValue | undefined, text: string, keeps: Keeps): boolean {
  const isNamed = isObject(entry) && typeof entry[NAME[kind]] === 'string';
  return isNamed && keeps(kind, entry, text);
}

const NAME: Readonly<Record<ListKind, string>> = {
  tools: 'name',
  prompts: 'name',
  resources: 'uri',
  resourceTemplates: 'uriTemplate',
};

/**
 * The lists of `tools/list`, `prompts/list`, `resources/list` and `resources/templates/list`, known by their shape, so that none passes
 * that is replayed, or whose request was not seen; also under a key in another case. Entries without a name are taken out.
 * `nextCursor` stays. Where anything is taken out, the list is not one that caches may share (revision 2026-07-28, Caching).
 */
export function listEdits(message: ResponseMessage, keeps: Keeps): readonly Edit[] {
  const { result, text } = message;
  if (!isObject(result)) return [];
  const lists = Object.entries(result).flatMap(([key, value]) => {
    const kind = SPELLINGS.get(foldedKey(key)) as ListKind | undefined;
    return kind !== undefined && Array.isArray(value) ? [{ key, kind, entries: value as readonly JsonValue[] }] : [];
  });
  if (lists.length === 0) return [];
  const place = placeOf(text, 2, memberPlace(message.place, 'result')?.start);
  const edits = lists.flatMap(({ key, kind, entries }) => {
    const items = memberPlace(place, key)?.items ?? [];
    const texts = items.map((item) => textAt(text, item));
    return cutsOf(items, (index) => mayKeep(kind, entries[index], texts[index] ?? '', keeps));
  });
  const scope = memberPlace(place, 'cacheScope');
  if (edits.length === 0 || scope === undefined || result['cacheScope'] !== 'public') return edits;
  return [...edits, { ...scope, text: '"private"' }];
}
