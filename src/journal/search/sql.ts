// A person's SELECT in, its rows out: read-only, in a thread that is ended when it takes too long.
import { LeashError } from '../../host/errors.ts';
import type { SqlAnswer, SqlOrder } from './sql-worker.ts';
import { requireSelect } from './statement.ts';
import { withIndexFile } from './with-index.ts';

/** Megabytes of the thread's own heap; the memory of SQLite is beside it. */
const MAX_HEAP_MB = 512;
const MAX_UNITS = 64 << 20;

export interface SqlLimits {
  readonly rows: number;
  /** Milliseconds. */
  readonly time: number;
}

export type SqlRows = Extract<SqlAnswer, { rows: unknown }>;

async function inThread(order: SqlOrder, time: number): Promise<SqlAnswer> {
  const { Worker } = await import('node:worker_threads');
  const worker = new Worker(new URL('./sql-worker.js', import.meta.url), {
    workerData: order,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<SqlAnswer>((resolve) => {
      worker.once('message', resolve);
      worker.once('error', ({ message }) => resolve({ fault: message }));
      worker.once('exit', () => resolve({ fault: 'its thread ended' }));
      timer = setTimeout(() => resolve({ fault: `no result within ${time / 1000} s; --timeout gives it more` }), time);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** @throws {LeashError} LEASH_QUERY, LEASH_JOURNAL_CORRUPT, LEASH_INDEX */
export async function selectRows(dir: string, sql: string, { rows, time }: SqlLimits): Promise<SqlRows> {
  requireSelect(sql);
  return withIndexFile(dir, async (file) => {
    const answer = await inThread({ file, sql, rows, units: MAX_UNITS }, time);
    if (!('fault' in answer)) return answer;
    // What is damaged is made again by the caller; all else is the query's.
    if (/malformed|not a database/.test(answer.fault)) throw new Error(answer.fault);
    throw new LeashError('LEASH_QUERY', answer.fault);
  });
}
