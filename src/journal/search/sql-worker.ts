// The thread in which a person's SQL runs: a file and a statement in, rows out, as long as there are few enough of them.
import { parentPort, workerData } from 'node:worker_threads';
import type { Cell } from './columns.ts';
import { openForReading } from './database.ts';

/** What the thread is started with. */
export interface SqlOrder {
  readonly file: string;
  readonly sql: string;
  readonly rows: number;
  /** Of all cells together, in UTF-16 code units. */
  readonly units: number;
}

export type SqlAnswer =
  | { readonly names: readonly string[]; readonly rows: readonly (readonly Cell[])[]; readonly isCut: boolean }
  | { readonly fault: string };

function cellOf(value: unknown): Cell {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : null;
}

async function answer({ file, sql, rows: most, units }: SqlOrder): Promise<SqlAnswer> {
  const database = await openForReading(file);
  const statement = database.prepare(sql);
  const rows: Cell[][] = [];
  let names: readonly string[] = [];
  let left = units;
  try {
    for (const row of statement.iterate()) {
      if (rows.length >= most || left <= 0) return { names, rows, isCut: true };
      if (rows.length === 0) names = Object.keys(row);
      const cells = Object.values(row).map(cellOf);
      for (const cell of cells) left -= typeof cell === 'string' ? cell.length : 1;
      rows.push(cells);
    }
    return { names, rows, isCut: false };
  } finally {
    statement.finalize();
    database.close();
  }
}

answer(workerData as SqlOrder).then(
  (result) => parentPort?.postMessage(result),
  (error: unknown) =>
    parentPort?.postMessage({ fault: error instanceof Error ? error.message : String(error) } satisfies SqlAnswer),
);
