// A file of SQLite in, a connection to it out: written by one process under a name of its own, or read and not changed.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Database } from 'node-sqlite3-wasm';

type Sqlite = typeof import('node-sqlite3-wasm');

/** A CommonJS module of WebAssembly: it is loaded with the first search. */
async function sqlite(): Promise<Sqlite> {
  return (await import('node-sqlite3-wasm')).default as unknown as Sqlite;
}

/** For a file that no other process knows; nothing of it is on the disk in any order until it is closed. */
export async function openForWriting(file: string): Promise<Database> {
  const { Database } = await sqlite();
  const database = new Database(file);
  database.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536',
  );
  return database;
}

/** Opened read-only: SQLite refuses every change. */
export async function openForReading(file: string): Promise<Database> {
  const { Database } = await sqlite();
  const database = new Database(file, { readOnly: true });
  database.exec('PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF');
  return database;
}

/** A name of its own for a file that others read too. The library marks a file as locked by a folder beside it, also for readers. */
export class OwnName {
  readonly file: string;
  readonly #folder: string;

  constructor(target: string) {
    this.#folder = mkdtempSync(path.join(os.tmpdir(), 'leash-index-'));
    this.file = path.join(this.#folder, 'index.db');
    symlinkSync(path.resolve(target), this.file);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
