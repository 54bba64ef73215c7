// An event and where its line stands in, the row of the index out; and the tables that hold the rows.
import type { Event } from '../../schema/event.ts';
import { resourceName } from '../../schema/resource-name.ts';

/** Of the tables; an index of another version is made again. */
export const INDEX_VERSION = 2;

export type Cell = string | number | null;

/** Where the line of an event stands. */
export interface LineAt {
  /** Number of the segment. */
  readonly segment: number;
  /** Of its first byte. */
  readonly offset: number;
  /** Without its newline. */
  readonly length: number;
  /** SHA-256 of the line, lower-case hexadecimal. */
  readonly hash: string;
}

/** Columns of the table `events`, in the order of `rowOf`, with their types. */
export const COLUMNS = {
  seq: 'INTEGER PRIMARY KEY',
  time: 'REAL NOT NULL',
  action: 'TEXT NOT NULL',
  effect: 'TEXT NOT NULL',
  enforced: 'INTEGER NOT NULL',
  shadow: 'TEXT',
  pid: 'INTEGER',
  exe: 'TEXT',
  via: 'TEXT',
  resource: 'TEXT NOT NULL',
  target: 'TEXT',
  error: 'TEXT',
  reason: 'TEXT',
  policies: 'TEXT NOT NULL',
  epoch: 'INTEGER NOT NULL',
  call: 'TEXT',
  detail: 'TEXT',
  segment: 'INTEGER NOT NULL',
  offset: 'INTEGER NOT NULL',
  length: 'INTEGER NOT NULL',
  mark: 'INTEGER NOT NULL',
} as const;

/** Of `policies` there are few that differ: a search for one looks them up there. */
export const TABLES: string = `
  CREATE TABLE events (${Object.entries(COLUMNS)
    .map(([name, type]) => `"${name}" ${type}`)
    .join(', ')});
  CREATE TABLE policy_sets (policies TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE source (json TEXT NOT NULL);`;

/** Made after the rows of the first build: four times faster than with them. */
export const INDEXES = `
  CREATE INDEX by_action ON events (action);
  CREATE INDEX by_resource ON events (resource);
  CREATE INDEX by_exe ON events (exe);
  CREATE INDEX by_via ON events (via) WHERE via IS NOT NULL;
  CREATE INDEX by_policies ON events (policies);
  CREATE INDEX by_time ON events (time);
  CREATE INDEX by_error ON events (error) WHERE error IS NOT NULL;
  CREATE INDEX by_call ON events (call) WHERE call IS NOT NULL;
  CREATE INDEX by_denial ON events (seq) WHERE effect = 'deny' OR shadow = 'deny';`;

/** Hexadecimal digits of a hash that a row keeps: 48 bits, exact in a double. */
const MARK_DIGITS = 12;

/** What tells later whether a line is still the one that was indexed. */
export function markOf(hash: string): number {
  return Number.parseInt(hash.slice(0, MARK_DIGITS), 16);
}

export function policiesOf({ policies }: Event): string {
  return JSON.stringify(policies);
}

export function rowOf(seq: number, event: Event, { segment, offset, length, hash }: LineAt): readonly Cell[] {
  const { time, action, effect, enforced, shadow, who, resource, target, error, reason, epoch, call, detail } = event;
  return [
    seq,
    time,
    action,
    effect,
    enforced ? 1 : 0,
    shadow ?? null,
    who?.pid ?? null,
    who?.exe ?? null,
    who?.via ?? null,
    resourceName(resource),
    target === undefined ? null : resourceName(target),
    error ?? null,
    reason ?? null,
    policiesOf(event),
    epoch,
    call ?? null,
    detail === undefined ? null : JSON.stringify(detail),
    segment,
    offset,
    length,
    markOf(hash),
  ];
}
