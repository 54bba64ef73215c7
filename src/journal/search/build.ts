// The verified events of a journal in, their rows in a database out, from where an earlier index ended.
import { closeSync, constants, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { Database, Statement } from 'node-sqlite3-wasm';
import { LeashError } from '../../host/errors.ts';
import type { SessionInfo } from '../../schema/event.ts';
import { type RawLine, SegmentLines } from '../audit/segment-lines.ts';
import { decodeLine } from '../chain.ts';
import { segmentName } from '../segment.ts';
import { type Cell, COLUMNS, policiesOf, rowOf } from './columns.ts';
import type { SegmentState, Source } from './source.ts';

const CHUNK_BYTES = 1 << 20;
/** Rows of one statement. */
const BATCH = 20;

const WIDTH = Object.keys(COLUMNS).length;
const ROW = `(${Array(WIDTH).fill('?').join(', ')})`;

/** Inserts rows, some at a time. The owner calls `end` on every path. */
class Rows {
  readonly #database: Database;
  readonly #many: Statement;
  readonly #policySet: Statement;
  readonly #known = new Set<string>();
  #cells: Cell[] = [];

  constructor(database: Database) {
    this.#database = database;
    this.#many = database.prepare(`INSERT INTO events VALUES ${Array(BATCH).fill(ROW).join(', ')}`);
    this.#policySet = database.prepare('INSERT OR IGNORE INTO policy_sets VALUES (?)');
  }

  add(row: readonly Cell[], policies: string): void {
    for (const cell of row) this.#cells.push(cell);
    if (this.#cells.length === BATCH * WIDTH) {
      this.#many.run(this.#cells);
      this.#cells = [];
    }
    if (this.#known.has(policies)) return;
    this.#known.add(policies);
    this.#policySet.run(policies);
  }

  end(): void {
    this.#many.finalize();
    this.#policySet.finalize();
    for (let at = 0; at < this.#cells.length; at += WIDTH)
      this.#database.run(`INSERT INTO events VALUES ${ROW}`, this.#cells.slice(at, at + WIDTH));
  }
}

type Position = Source['next'];

function corrupt({ segment, line }: Position, fault: string): LeashError {
  return new LeashError('LEASH_JOURNAL_CORRUPT', `${segmentName(segment)} line ${line}: ${fault}`, {
    details: ['`leash events verify` lists every fault.'],
  });
}

/** Chunks of a segment from `offset`, in memory that is used again. */
function* chunksOf(dir: string, segment: number, offset: number): Generator<Buffer> {
  const descriptor = openSync(path.join(dir, segmentName(segment)), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let at = offset; ; ) {
      const length = readSync(descriptor, chunk, 0, chunk.length, at);
      if (length === 0) return;
      at += length;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function addLine(rows: Rows, { bytes, isTooLong }: RawLine, at: Position): Position {
  const decoded = isTooLong ? ({ ok: false, fault: 'the line is too long' } as const) : decodeLine(bytes, at);
  if (!decoded.ok) throw corrupt(at, decoded.fault);
  const { event, next } = decoded;
  const { segment, offset } = at;
  rows.add(rowOf(at.seq, event, { segment, offset, length: bytes.length, hash: next.prev }), policiesOf(event));
  return { ...next, segment, line: at.line + 1, offset: offset + bytes.length + 1 };
}

/** Whole lines only; what has no end yet is left for the next time. */
function addSegment(rows: Rows, dir: string, begin: Position, isLast: boolean): Position {
  const lines = new SegmentLines();
  let at = begin;
  for (const chunk of chunksOf(dir, begin.segment, begin.offset))
    for (const line of lines.push(chunk)) at = addLine(rows, line, at);
  if (lines.unfinished > 0 && !isLast) throw corrupt(at, 'the line has no end, but a later segment exists');
  return at;
}

/**
 * Adds the events of `segments` from `begin` on. Returns where the next will be found.
 * @param segments as they were before the first was read
 * @throws {LeashError} LEASH_JOURNAL_CORRUPT
 */
export function addEvents(
  database: Database,
  dir: string,
  info: SessionInfo,
  segments: readonly SegmentState[],
  begin: Position,
): Position {
  const rows = new Rows(database);
  let at = begin;
  try {
    for (const { number } of segments) {
      if (number < at.segment) continue;
      if (number > at.segment) at = { ...at, segment: at.segment + 1, line: 1, offset: 0 };
      if (number !== at.segment) throw corrupt(at, 'the segment is missing, but a later segment exists');
      at = addSegment(rows, dir, at, number === segments.at(-1)?.number);
    }
  } finally {
    rows.end();
  }
  const isWhole = info.events === undefined || (info.events === at.seq && (info.head ?? at.prev) === at.prev);
  if (!isWhole)
    throw corrupt(at, `the session wrote ${info.events} events, and these are not all of them, or not they`);
  return at;
}
