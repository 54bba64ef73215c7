// What changed in the definition of a tool enters; the words for it leave, for a person: nothing of what a server wrote, but the tool's name.
import { escapeUnprintable } from '../schema/printable.ts';

/** Fields that revisions of the protocol have. Other names are a server's own text. */
const FIELDS: ReadonlySet<string> = new Set(
  'name title description inputSchema outputSchema annotations icons execution _meta'.split(' '),
);
/** UTF-16 units. */
const SHOWN = 100;

/** In quotes, on one line, and never long. */
export function quotedName(name: string): string {
  const cut = name.length > SHOWN ? `${name.slice(0, SHOWN)}…` : name;
  return escapeUnprintable(JSON.stringify(cut));
}

/** `its description and 2 other fields`. @param fields as `comparePin` names them */
export function changedWords(fields: readonly string[]): string {
  const known = fields.filter((field) => FIELDS.has(field));
  const others = fields.length - known.length;
  if (known.length === 0) return others === 0 ? 'its definition' : `${others} of its fields`;
  const named = others === 0 ? known : [...known, `${others} other field${others === 1 ? '' : 's'}`];
  const last = named.at(-1) ?? '';
  return named.length === 1 ? `its ${last}` : `its ${named.slice(0, -1).join(', ')} and ${last}`;
}

/** `2026-11-30`, in UTC. @param time milliseconds since the Unix epoch */
export function dayOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'an unknown day' : date.toISOString().slice(0, 10);
}
