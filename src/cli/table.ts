// Rows of cells in, the same in columns of one width out.
import { painter, print } from './terminal.ts';

/** Every row has as many cells as the first. */
export function inColumns(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
}

/** One line of a table. */
export function rowLine(cells: readonly string[]): string {
  return cells.join('  ').trimEnd();
}

/** On standard output, the headings bold on a terminal. */
export async function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): Promise<void> {
  const [heading = '', ...lines] = inColumns([headings, ...rows]).map(rowLine);
  await print(painter(process.stdout)('bold', heading));
  for (const line of lines) await print(line);
}
