// Changes in, their diff, a summary or JSON on standard output out; nothing in it drives a terminal.
import { type Change, letterOf } from '../../review/change.ts';
import { diffOf, nameOf } from '../../review/diff.ts';
import { textOf } from '../../review/name.ts';
import type { Review } from '../../review/record.ts';
import { escapeUnprintable } from '../../schema/printable.ts';
import { jsonLine, type Paint, painter, print, type Style } from '../terminal.ts';

const STYLES: readonly (readonly [string, Style])[] = [
  ['leash diff', 'bold'],
  ['---', 'bold'],
  ['+++', 'bold'],
  ['@@', 'dim'],
  ['!', 'yellow'],
  ['+', 'green'],
  ['-', 'red'],
];

function painted(paint: Paint, line: string): string {
  const style = STYLES.find(([start]) => line.startsWith(start))?.[1];
  // A carriage return or an escape in a file's text would rewrite what a person reads.
  const safe = escapeUnprintable(line).replaceAll('\n', '\\n');
  return style === undefined ? safe : paint(style, safe);
}

async function printDiffs(review: Review, changes: readonly Change[]): Promise<void> {
  const paint = painter(process.stdout);
  for (const change of changes) {
    const { header, lines } = diffOf(review, change);
    for (const line of [...header, ...lines]) await print(painted(paint, line));
  }
}

/** A line a change: how it changed, lines added and removed, its name, and what stands in its way. */
export async function printSummary(review: Review, changes: readonly Change[]): Promise<void> {
  const paint = painter(process.stdout);
  for (const change of changes) {
    const { added, removed } = diffOf(review, change);
    const counts = `${paint('green', `+${added}`)} ${paint('red', `-${removed}`)}`;
    const hindrance =
      change.refused ?? (change.isConflict ? 'changed on the host since the session began' : change.note);
    const note = hindrance === undefined ? '' : `  (${hindrance})`;
    const slash = change.after?.kind === 'folder' || (change.after ?? change.before)?.kind === 'folder' ? '/' : '';
    await print(`${letterOf(change)}  ${counts}  ${nameOf(review, change)}${slash}${note}`);
  }
}

async function printJson(review: Review, changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    const { root, path: at, before, after, isConflict, refused, note } = change;
    const { added, removed } = diffOf(review, change);
    const shown = { session: review.record.id, place: review.record.roots[root]?.source, path: textOf(at) };
    await print(
      jsonLine({ ...shown, change: letterOf(change), before, after, added, removed, isConflict, refused, note }),
    );
  }
}

export type Form = 'diff' | 'stat' | 'json';

export function printChanges(review: Review, changes: readonly Change[], form: Form): Promise<void> {
  if (form === 'json') return printJson(review, changes);
  return form === 'stat' ? printSummary(review, changes) : printDiffs(review, changes);
}
