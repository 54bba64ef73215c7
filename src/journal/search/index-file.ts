// The folder of a session in, its index out: as it is, with what has come since, or made anew.
import { closeSync, constants, copyFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import { LeashError } from '../../host/errors.ts';
import type { SessionInfo } from '../../schema/event.ts';
import { genesis } from '../chain.ts';
import { processIdentity } from '../owner.ts';
import { createPrivateFile } from '../segment.ts';
import { readSessionInfo } from '../session-file.ts';
import { addEvents } from './build.ts';
import { INDEX_VERSION, INDEXES, TABLES } from './columns.ts';
import { OwnName, openForReading, openForWriting } from './database.ts';
import { freshness, readSource, type SegmentState, type Source, segmentStates } from './source.ts';

const INDEX = 'index.db';
/** `index-42.new`, of process 42; and the folder that the library makes beside. */
const UNFINISHED = /^index-(\d{1,10})\.new(?:\.lock)?$/;

export interface Refreshed {
  readonly file: string;
  /** Events in it. */
  readonly events: number;
  /** Events that were added now. */
  readonly added: number;
}

function failed(dir: string, cause: unknown): LeashError {
  if (cause instanceof LeashError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  return new LeashError('LEASH_INDEX', `the index in ${dir} cannot be made (${code ?? message})`, { cause });
}

/** What the index was made of; undefined when there is none that can be read. */
async function sourceOf(file: string): Promise<Source | undefined> {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const own = new OwnName(file);
  let database: Database | undefined;
  try {
    database = await openForReading(own.file);
    return readSource(database.get('SELECT json FROM source')?.['json']);
  } catch {
    return undefined; // no database, or a damaged one
  } finally {
    database?.close();
    own.remove();
  }
}

/** Of processes that were killed while they made an index. */
function removeUnfinished(dir: string): void {
  for (const name of readdirSync(dir)) {
    const pid = Number(UNFINISHED.exec(name)?.[1] ?? 0);
    if (pid > 0 && processIdentity(pid) === undefined) rmSync(path.join(dir, name), { recursive: true, force: true });
  }
}

interface Order {
  readonly dir: string;
  readonly info: SessionInfo;
  readonly segments: readonly SegmentState[];
  /** What an index that is there was made of, if it is gone on with. */
  readonly from: Source | undefined;
}

function start(id: string): Source['next'] {
  return { ...genesis(id), segment: 0, line: 1, offset: 0 };
}

async function fill(file: string, { dir, info, segments, from }: Order): Promise<Source['next']> {
  const database = await openForWriting(file);
  try {
    database.exec('BEGIN');
    if (from === undefined) database.exec(TABLES);
    const next = addEvents(database, dir, info, segments, from?.next ?? start(info.id));
    if (from === undefined) database.exec(INDEXES);
    const source: Source = { version: INDEX_VERSION, id: info.id, segments, next };
    database.exec('DELETE FROM source');
    database.run('INSERT INTO source VALUES (?)', JSON.stringify(source));
    database.exec('COMMIT');
    return next;
  } finally {
    database.close();
  }
}

/** Written under a name of its own and renamed: an index is there as a whole, or not at all. */
async function make(order: Order): Promise<Refreshed> {
  const { dir, from } = order;
  const file = path.join(dir, INDEX);
  const temporary = path.join(dir, `index-${process.pid}.new`);
  try {
    removeUnfinished(dir);
    rmSync(temporary, { force: true });
    closeSync(createPrivateFile(temporary));
    if (from !== undefined) copyFileSync(file, temporary, constants.COPYFILE_FICLONE);
    const next = await fill(temporary, order);
    renameSync(temporary, file);
    return { file, events: next.seq, added: next.seq - (from?.next.seq ?? 0) };
  } catch (cause) {
    throw failed(dir, cause);
  } finally {
    rmSync(temporary, { force: true });
    rmSync(`${temporary}.lock`, { recursive: true, force: true });
  }
}

/**
 * Brings the index of the session up to date. Events are taken in only as far as the chain holds.
 * @param anew whatever there is
 * @throws {LeashError} LEASH_JOURNAL_CORRUPT, LEASH_INDEX, LEASH_SESSION_UNKNOWN
 */
export async function refreshIndex(dir: string, anew = false): Promise<Refreshed> {
  // The record is looked at before the segments: what an ended session wrote is then all there.
  const info = readSessionInfo(dir);
  const segments = segmentStates(dir);
  const file = path.join(dir, INDEX);
  const source = anew ? undefined : await sourceOf(file);
  const state = source === undefined ? 'stale' : freshness(source, info.id, segments);
  if (source === undefined || state === 'stale') return make({ dir, info, segments, from: undefined });
  const isEnd = info.events === undefined || (info.events === source.next.seq && info.head === source.next.prev);
  if (state === 'fresh' && isEnd) return { file, events: source.next.seq, added: 0 };
  try {
    return await make({ dir, info, segments, from: source });
  } catch (error) {
    // A page may be damaged that nothing but the addition touched. What is wrong with the journal itself is said again.
    if (error instanceof LeashError && error.code === 'LEASH_JOURNAL_CORRUPT') throw error;
    return make({ dir, info, segments, from: undefined });
  }
}
