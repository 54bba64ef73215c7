// A text and two that were made of it in; one with the changes of both out, by lines.
import { Chunk } from '@codemirror/merge';
import { Text } from '@codemirror/state';

interface Edit {
  /** Lines of the base, from 0, `to` excluded. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** Lines that a chunk covers on one of its sides; `to` is one unit behind its last line, or `from` when it has none. */
function linesOf(doc: Text, from: number, to: number): readonly [number, number] {
  const first = from > doc.length ? doc.lines : doc.lineAt(from).number - 1;
  return [first, to === from ? first : doc.lineAt(Math.min(to - 1, doc.length)).number];
}

function editsOf(base: readonly string[], made: readonly string[]): readonly Edit[] {
  const [a, b] = [Text.of([...base]), Text.of([...made])];
  return Chunk.build(a, b).map(({ fromA, toA, fromB, toB }) => {
    const [from, to] = linesOf(a, fromA, toA);
    const [first, last] = linesOf(b, fromB, toB);
    return { from, to, lines: made.slice(first, last) };
  });
}

/** undefined: both changed the same lines, or lines that touch. */
export function mergeTexts(base: string, theirs: string, mine: string): string | undefined {
  const lines = base.split('\n');
  const edits = [theirs, mine].map((text) => editsOf(lines, text.split('\n')));
  const [own = [], others = []] = [edits[1], edits[0]];
  if (own.some((edit) => others.some((other) => edit.from <= other.to && other.from <= edit.to))) return undefined;
  const all = [...own, ...others].toSorted((one, other) => other.from - one.from);
  return all.reduce((made, { from, to, lines: put }) => made.toSpliced(from, to - from, ...put), lines).join('\n');
}
