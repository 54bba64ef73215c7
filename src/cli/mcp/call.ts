// An event `McpCall` in, what is said about every call out: its server, its tool or method, its verdict.
import type { JournalEntry } from '../../journal/decoder.ts';
import { findEvents } from '../../journal/search/find.ts';
import type { Event } from '../../schema/event.ts';
import { resourceName } from '../../schema/resource-name.ts';

/** More calls of one session are not looked at: the last are. */
const MAX_CALLS = 1_000_000;

/** What policies call the server. */
export function serverOf({ resource }: Event): string {
  return resource.type === 'tool' ? resource.server : resourceName(resource);
}

/** Undefined: the call is about no tool. */
export function toolOf({ resource }: Event): string | undefined {
  return resource.type === 'tool' ? resource.name : undefined;
}

/** A fact of its detail, as text; undefined: it does not say. */
export function factOf({ detail }: Event, name: string): string | undefined {
  const value = detail?.[name];
  return value === undefined ? undefined : Array.isArray(value) ? value.join(', ') : String(value);
}

/** Denied, or would be in enforce mode. */
export function isDenied({ effect, shadow }: Event): boolean {
  return effect === 'deny' || shadow === 'deny';
}

/** The MCP calls of the session in `dir`, oldest first. @throws {LeashError} LEASH_JOURNAL_CORRUPT, LEASH_INDEX */
export function callsOf(dir: string): Promise<Iterable<JournalEntry>> {
  return findEvents(dir, { actions: ['McpCall'] }, MAX_CALLS);
}
