// A session and a use of its index in, what came of it out; an index that turns out to be damaged is made again, once.
import type { Database } from 'node-sqlite3-wasm';
import { LeashError } from '../../host/errors.ts';
import { OwnName, openForReading } from './database.ts';
import { refreshIndex } from './index-file.ts';

/** @throws {LeashError} LEASH_JOURNAL_CORRUPT, LEASH_INDEX; and what `use` throws */
export async function withIndexFile<T>(dir: string, use: (file: string) => Promise<T>): Promise<T> {
  for (let isSecond = false; ; isSecond = true) {
    const { file } = await refreshIndex(dir, isSecond);
    const own = new OwnName(file);
    try {
      return await use(own.file);
    } catch (cause) {
      if (cause instanceof LeashError) throw cause;
      if (isSecond) throw new LeashError('LEASH_INDEX', `the index in ${dir} cannot be read`, { cause });
    } finally {
      own.remove();
    }
  }
}

/** The same with a connection. */
export function withIndex<T>(dir: string, use: (database: Database) => T): Promise<T> {
  return withIndexFile(dir, async (file) => {
    const database = await openForReading(file);
    try {
      return use(database);
    } finally {
      database.close();
    }
  });
}
