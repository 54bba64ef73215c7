// Faults and notes of a text, by line and column, in; the same by offset, as the editor underlines them, out.
import type { Diagnostic } from '@codemirror/lint';
import type { PolicyFinding, PolicyFindings } from '../../../../src/schema/api.ts';
import { printable } from '../../parts/printable.ts';

/** Columns count characters, offsets count UTF-16 units; both begin at the line. */
function unitsOf(line: string, characters: number): number {
  return [...line].slice(0, characters).join('').length;
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : otherwise;
}

interface Line {
  readonly text: string;
  /** UTF-16 offset. */
  readonly start: number;
}

function linesOf(text: string): readonly Line[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const own = { text: line, start };
    start += line.length + 1;
    return own;
  });
}

function diagnosticOf(lines: readonly Line[], finding: PolicyFinding, severity: 'error' | 'info'): Diagnostic {
  const last = lines.at(-1) ?? { text: '', start: 0 };
  const line = lines[Math.max(1, numberOf(finding['line'], 1)) - 1] ?? last;
  const end = last.start + last.text.length;
  const from = line.start + unitsOf(line.text, numberOf(finding['column'], 1) - 1);
  const to = Math.min(end, from + Math.max(1, numberOf(finding['length'], 1)));
  const hint = typeof finding['hint'] === 'string' ? ` — ${finding['hint']}` : '';
  return {
    // Nothing can be underlined behind the last character: the one before it is.
    from: to > from ? from : Math.max(0, from - 1),
    to,
    severity,
    message: printable(`${String(finding['message'])}${hint}`),
  };
}

/** @param text its lines end with `\n` */
export function diagnosticsOf(text: string, { faults, notes }: PolicyFindings): readonly Diagnostic[] {
  const lines = linesOf(text);
  const all = [
    ...faults.map((fault) => diagnosticOf(lines, fault, 'error')),
    ...notes.map((note) => diagnosticOf(lines, note, 'info')),
  ];
  return all.toSorted((a, b) => a.from - b.from);
}
