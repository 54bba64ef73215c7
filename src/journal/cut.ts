// An event of any size in, its JSON within the line bound out; what is too long is cut, field by field, and marked.
import type { Event } from '../schema/event.ts';
import { MAX_EVENT_BYTES } from './chain.ts';

/** Tried in order: characters kept of each string, members kept of each array and object. */
const LIMITS: readonly (readonly [characters: number, members: number])[] = [
  [16_384, 256],
  [4_096, 64],
  [256, 32],
  [64, 16],
];

/** Most bytes of UTF-8 for one UTF-16 code unit. */
const UTF8_PER_UNIT = 3;

function fits(json: string): boolean {
  return json.length * UTF8_PER_UNIT <= MAX_EVENT_BYTES || Buffer.byteLength(json) <= MAX_EVENT_BYTES;
}

function cutText(text: string, characters: number): string {
  if (text.length <= characters) return text;
  // Half of a surrogate pair would become an escape that other JSON readers refuse.
  return `${text.slice(0, characters).replace(/[\ud800-\udbff]$/, '')}…`;
}

function cutValue(value: unknown, characters: number, members: number): unknown {
  if (typeof value === 'string') return cutText(value, characters);
  if (Array.isArray(value)) return value.slice(0, members).map((member) => cutValue(member, characters, members));
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).slice(0, members);
    return Object.fromEntries(kept.map(([key, member]) => [cutText(key, 64), cutValue(member, characters, members)]));
  }
  return value;
}

function cutEvent(event: Event, characters: number, members: number): Event {
  const { detail, ...rest } = event;
  const kept = cutValue(detail ?? {}, characters, members) as NonNullable<Event['detail']>;
  // `rest` has at most sixteen members, within every limit, so no field of the event itself is lost.
  return { ...(cutValue(rest, characters, members) as Omit<Event, 'detail'>), detail: { ...kept, cut: true } };
}

/**
 * JSON of `event`, at most `MAX_EVENT_BYTES` bytes of UTF-8. An event that is longer keeps every field, with long strings and
 * lists shortened and `detail.cut` set to true.
 */
export function eventJson(event: Event): string {
  const whole = JSON.stringify(event);
  if (fits(whole)) return whole;
  for (const [characters, members] of LIMITS) {
    const cut = JSON.stringify(cutEvent(event, characters, members));
    if (fits(cut)) return cut;
  }
  throw new Error('an event stays too long when cut');
}
