// What is looked for in, the events that match out: found by the index, read from the journal, and compared with what was verified.
import { closeSync, constants, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import { LeashError } from '../../host/errors.ts';
import { decodeLine, lineHash, readHeader } from '../chain.ts';
import type { JournalEntry } from '../decoder.ts';
import { segmentName } from '../segment.ts';
import { type Cell, markOf } from './columns.ts';
import { withIndex } from './with-index.ts';

/** All that is given must hold. */
export interface Wanted {
  /** One of these. */
  readonly actions?: readonly string[];
  /** Denied, or would be in enforce mode. */
  readonly isDenied?: boolean;
  /** Name or path; with a `*` at the end, its beginning. */
  readonly resource?: string;
  /** Likewise. */
  readonly exe?: string;
  /** Likewise, the MCP server that the program belongs to: `mcp:files`. */
  readonly via?: string;
  /** Id of a policy among those that decided. */
  readonly policy?: string;
  /** `EACCES`. */
  readonly error?: string;
  /** Name of an MCP call: itself, and what was done during it. */
  readonly call?: string;
  /** Milliseconds since the Unix epoch; from and until, both included. */
  readonly since?: number;
  readonly until?: number;
}

interface Condition {
  readonly sql: string;
  readonly values: readonly Cell[];
}

/** The first text, in the order of bytes, that does not begin with `prefix`; undefined: there is none. */
function afterPrefix(prefix: string): string | undefined {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const next = (last.codePointAt(0) ?? 0) + 1;
    const isSurrogate = next >= 0xd800 && next <= 0xdfff;
    if (next <= 0x10ffff) return points.join('') + String.fromCodePoint(isSurrogate ? 0xe000 : next);
  }
  return undefined;
}

function textCondition(column: 'resource' | 'exe' | 'via', text: string): Condition {
  if (!text.endsWith('*')) return { sql: `${column} = ?`, values: [text] };
  const prefix = text.slice(0, -1);
  const end = afterPrefix(prefix);
  if (end === undefined) return { sql: `${column} >= ?`, values: [prefix] };
  return { sql: `${column} >= ? AND ${column} < ?`, values: [prefix, end] };
}

const OF_POLICY = 'SELECT policies FROM policy_sets, json_each(policies) WHERE value = ?';

function conditions(wanted: Wanted): readonly Condition[] {
  const { actions, isDenied = false, resource, exe, via, policy, error, call, since, until } = wanted;
  const all: Condition[] = [];
  if (actions !== undefined) all.push({ sql: `action IN (${actions.map(() => '?').join(', ')})`, values: actions });
  if (isDenied) all.push({ sql: "(effect = 'deny' OR shadow = 'deny')", values: [] });
  if (resource !== undefined) all.push(textCondition('resource', resource));
  if (exe !== undefined) all.push(textCondition('exe', exe));
  if (via !== undefined) {
    const { sql, values } = textCondition('via', via);
    all.push({ sql: `${sql} AND via IS NOT NULL`, values });
  }
  if (policy !== undefined) all.push({ sql: `policies IN (${OF_POLICY})`, values: [policy] });
  if (error !== undefined) all.push({ sql: 'error = ? AND error IS NOT NULL', values: [error] });
  // An event names several where it is not known to which it belongs: `c1,c2`.
  if (call !== undefined)
    all.push({ sql: "call IS NOT NULL AND instr(',' || call || ',', ',' || ? || ',') > 0", values: [call] });
  if (since !== undefined) all.push({ sql: 'time >= ?', values: [since] });
  if (until !== undefined) all.push({ sql: 'time <= ?', values: [until] });
  return all;
}

function where(all: readonly Condition[]): string {
  return all.length === 0 ? '' : `WHERE ${all.map(({ sql }) => sql).join(' AND ')}`;
}

interface Found {
  readonly seq: number;
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
  readonly mark: number;
}

/** The last `limit` that match, oldest first. */
function rows(database: Database, wanted: Wanted, limit: number): readonly Found[] {
  const all = conditions(wanted);
  const sql = `SELECT seq, segment, "offset", length, mark FROM events ${where(all)} ORDER BY seq DESC LIMIT ?`;
  return (database.all(sql, [...all.flatMap(({ values }) => values), limit]) as unknown as Found[]).reverse();
}

function readEntry(descriptor: number, { seq, segment, offset, length, mark }: Found): JournalEntry {
  const line = Buffer.allocUnsafe(length);
  readSync(descriptor, line, 0, length, offset);
  const header = readHeader(line);
  const decoded = header && markOf(lineHash(line)) === mark ? decodeLine(line, header) : undefined;
  if (decoded?.ok !== true)
    throw new LeashError('LEASH_JOURNAL_CORRUPT', `event ${seq}, ${segmentName(segment)} byte ${offset}, was changed`, {
      details: ['`leash events verify` lists every fault.'],
    });
  return { seq, event: decoded.event };
}

/** Each as it stands in its segment now; one that was changed since it was indexed throws LEASH_JOURNAL_CORRUPT. */
export function* readEntries(dir: string, found: readonly Found[]): Generator<JournalEntry, void, undefined> {
  let segment = 0;
  let descriptor: number | undefined;
  try {
    for (const row of found) {
      if (descriptor === undefined || row.segment !== segment) {
        if (descriptor !== undefined) closeSync(descriptor);
        descriptor = undefined;
        segment = row.segment;
        descriptor = openSync(path.join(dir, segmentName(segment)), constants.O_RDONLY | constants.O_NOFOLLOW);
      }
      yield readEntry(descriptor, row);
    }
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * The last `limit` events that match, oldest first.
 * @throws {LeashError} LEASH_JOURNAL_CORRUPT, LEASH_INDEX
 */
export async function findEvents(dir: string, wanted: Wanted, limit: number): Promise<Iterable<JournalEntry>> {
  return readEntries(dir, await withIndex(dir, (database) => rows(database, wanted, limit)));
}

/** How many match. @throws {LeashError} LEASH_JOURNAL_CORRUPT, LEASH_INDEX */
export function countEvents(dir: string, wanted: Wanted): Promise<number> {
  const all = conditions(wanted);
  const values = all.flatMap((condition) => condition.values);
  return withIndex(dir, (database) =>
    Number(database.get(`SELECT count(*) AS count FROM events ${where(all)}`, values)?.['count']),
  );
}
