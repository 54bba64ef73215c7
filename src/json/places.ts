// JSON text that was found sound enters; where its values stand in it leaves, so that one can be cut out or kept to the letter.
import { isObject, type JsonValue } from './strict-json.ts';

/** A value in the text, from `start` up to but without `end`. Without `members` and `items` it was not opened, or is no container. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** Of an object, in the order of the text. */
  readonly members?: readonly Member[];
  /** Of an array. */
  readonly items?: readonly Place[];
}

interface Member {
  readonly key: string;
  readonly value: Place;
}

const NOT_STRUCTURE = /[^"[\]{}]*/y;
const SCALAR = /[^ \t\r\n,\]}]*/y;

function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex;
}

/** Of sound text: nothing else at these places is that small. */
function afterSpace(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) <= 0x20) end += 1;
  return end;
}

function keyOf(literal: string): string {
  return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
}

function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  for (;;) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end + 1;
    end = text.indexOf('"', end + 1);
  }
}

function containerEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; ; at = after(NOT_STRUCTURE, text, at)) {
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    depth += character === '{' || character === '[' ? 1 : -1;
    at += 1;
    if (depth === 0) return at;
  }
}

function placeFrom(text: string, start: number, depth: number): Place {
  const first = text[start];
  if (first === '"') return { start, end: stringEnd(text, start) };
  if (first !== '{' && first !== '[') return { start, end: after(SCALAR, text, start) };
  if (depth === 0) return { start, end: containerEnd(text, start) };
  const members: Member[] = [];
  const items: Place[] = [];
  let at = afterSpace(text, start + 1);
  while (text[at] !== '}' && text[at] !== ']') {
    let key: string | undefined;
    if (first === '{') {
      const end = stringEnd(text, at);
      key = keyOf(text.slice(at, end));
      at = afterSpace(text, afterSpace(text, end) + 1);
    }
    const value = placeFrom(text, at, depth - 1);
    if (key === undefined) items.push(value);
    else members.push({ key, value });
    at = afterSpace(text, value.end);
    if (text[at] === ',') at = afterSpace(text, at + 1);
  }
  return { start, end: at + 1, ...(first === '{' ? { members } : { items }) };
}

/**
 * @param text what `readStrictJson` read: of other text the answer means nothing, and there may be none.
 * @param depth how many levels of containers are opened; the time does not depend on it.
 * @param from where the value, or white space before it, begins.
 */
export function placeOf(text: string, depth: number = Number.POSITIVE_INFINITY, from: number = 0): Place {
  return placeFrom(text, afterSpace(text, from), depth);
}

export function memberPlace(object: Place | undefined, key: string): Place | undefined {
  return object?.members?.find((member) => member.key === key)?.value;
}

/** The value that stands there. */
export function textAt(text: string, { start, end }: Place): string {
  return text.slice(start, end);
}

/** Visits every value that is no container, and every container without content, with the keys and indices that lead to it. */
export function visitLeaves(
  value: JsonValue,
  place: Place,
  visit: (path: readonly string[], value: JsonValue, place: Place) => void,
  path: readonly string[] = [],
): void {
  const { members = [], items = [] } = place;
  if (members.length + items.length === 0) visit(path, value, place);
  for (const { key, value: inner } of members)
    if (isObject(value)) visitLeaves(value[key] as JsonValue, inner, visit, [...path, key]);
  for (const [index, inner] of items.entries())
    visitLeaves((value as readonly JsonValue[])[index] as JsonValue, inner, visit, [...path, String(index)]);
}
