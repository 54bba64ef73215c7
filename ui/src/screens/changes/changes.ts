// Changes that wait in; the words, choices and warnings that the screen shows of them out. Pure.
import type { ChangeChoice, ChangesAccepted, ChangeView } from '../../../../src/schema/api.ts';
import { printable } from '../../parts/printable.ts';

export const WORDS: Readonly<Record<ChangeView['change'], string>> = {
  A: 'added',
  D: 'deleted',
  M: 'modified',
  T: 'replaced by another kind',
};

export type Act = 'accept' | 'discard';

export function countOf(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}

export function sizeOf(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return step === 0 ? `${bytes} B` : `${(bytes / 1024 ** step).toFixed(1)} ${units[step]}`;
}

/** Of files only: what a folder or a link measures says nothing. */
export function sizesOf({ kind, before, after }: ChangeView): string {
  if (kind !== 'file') return kind;
  if (before === undefined) return sizeOf(after ?? 0);
  return after === undefined ? sizeOf(before) : `${sizeOf(before)} → ${sizeOf(after)}`;
}

/** What stands in the way of a change, or should be known before it is taken over. */
export function hindranceOf({ refused, isConflict, note }: ChangeView): string | undefined {
  return refused ?? (isConflict ? 'you changed it since the session began' : note);
}

/** A folder takes what is in it along: so a click on it shows what the commands do anyway. */
export function toggled(chosen: ReadonlySet<string>, change: ChangeView, all: readonly ChangeView[]): Set<string> {
  const isOn = !chosen.has(change.id);
  const below = (name: string): boolean => change.kind === 'folder' && name.startsWith(`${change.name}/`);
  const next = new Set(chosen);
  for (const { id, name } of all) {
    if (id !== change.id && !below(name)) continue;
    if (isOn) next.add(id);
    else next.delete(id);
  }
  return next;
}

/** Of what was chosen before, what still waits. */
export function stillChosen(chosen: ReadonlySet<string>, all: readonly ChangeView[]): readonly string[] {
  return all.flatMap(({ id }) => (chosen.has(id) ? [id] : []));
}

export function matching(all: readonly ChangeView[], text: string): readonly ChangeView[] {
  const wanted = text.toLowerCase();
  return wanted === '' ? all : all.filter(({ name }) => name.toLowerCase().includes(wanted));
}

/** How many conflicts a choice holds. */
export function conflictsIn(choice: ChangeChoice, all: readonly ChangeView[]): number {
  const ids = 'ids' in choice ? new Set(choice.ids) : undefined;
  return all.filter(({ id, isConflict }) => isConflict && (ids === undefined || ids.has(id))).length;
}

/** What a confirmed act does, said before it. */
export function consequenceOf(act: Act, count: number): string {
  return act === 'accept'
    ? `${countOf(count)} will be written to your own files, with the folders they need. Nothing you changed yourself is written over.`
    : `${countOf(count)} will be dropped for good. Your own files stay as they are; what the agent made there is lost.`;
}

/** What was done, a line each. */
export function outcomeOf({ accepted, conflicts, refused, kept }: ChangesAccepted): readonly string[] {
  return [
    `${countOf(accepted)} accepted.`,
    ...conflicts.map((name) => `Left, since you changed it: ${printable(name)}`),
    ...refused.map((name) => `Not taken over: ${printable(name)}`),
    ...kept.map((file) => `What was there before is kept: ${printable(file)}`),
  ];
}

export interface DiffLine {
  readonly kind: 'added' | 'removed' | 'place' | 'same' | 'remark';
  readonly sign: string;
  readonly text: string;
  /** Line numbers, where it has them. */
  readonly before?: number;
  readonly after?: number;
}

/** Tabs stay: they are the text's shape. */
function lineText(line: string): string {
  return line.split('\t').map(printable).join('\t');
}

/** Lines of a unified diff in; each with its kind, sign and numbers out. */
export function diffLines(lines: readonly string[]): readonly DiffLine[] {
  let before = 0;
  let after = 0;
  return lines.map((line): DiffLine => {
    const place = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (place !== null) {
      before = Number(place[1]);
      after = Number(place[2]);
      return { kind: 'place', sign: '', text: lineText(line) };
    }
    const text = lineText(line.slice(1));
    if (line.startsWith('+')) return { kind: 'added', sign: '+', text, after: after++ };
    if (line.startsWith('-')) return { kind: 'removed', sign: '-', text, before: before++ };
    if (line.startsWith('\\')) return { kind: 'remark', sign: '', text };
    return { kind: 'same', sign: ' ', text, before: before++, after: after++ };
  });
}

export const HIDDEN: Readonly<Record<'binary' | 'large' | 'too different', string>> = {
  binary: 'It is binary: there is no text to compare.',
  large: 'It is longer than 1 MiB: it is not compared.',
  'too different': 'The two are too different to be compared line by line.',
};
