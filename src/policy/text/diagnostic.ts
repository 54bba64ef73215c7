// A finding about a piece of policy text, and how it is shown: file, line and column, the line itself, a caret, a hint.

/** A text that was joined to others, by the offset where it begins. */
export interface Section {
  readonly name: string;
  readonly start: number;
}

export interface Source {
  readonly name: string;
  readonly text: string;
  /** Of a text joined from several, in order, the first at 0: a place is told in the text it came from. */
  readonly sections?: readonly Section[];
}

export interface Diagnostic {
  /** UTF-16 offset and length in the source. */
  readonly start: number;
  readonly length: number;
  readonly message: string;
  readonly hint?: string;
}

export interface Position {
  /** Both from 1; columns count characters. */
  readonly line: number;
  readonly column: number;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: [...text.slice(lineStart(text, offset), offset)].length + 1 };
}

export interface Place extends Position {
  readonly name: string;
}

/** The text that an offset lies in, and the position in it. */
export function placeOf({ name, text, sections = [] }: Source, offset: number): Place {
  const section = sections.findLast(({ start }) => start <= offset) ?? { name, start: 0 };
  return { name: section.name, ...positionOf(text.slice(section.start), offset - section.start) };
}

/** Where something stands, as messages say it; the column only when it is not the first. */
export function placeName(source: Source, offset: number): string {
  const { name, line, column } = placeOf(source, offset);
  return `${name}:${line}${column === 1 ? '' : `:${column}`}`;
}

/** Tabs stay tabs, so that the caret stands under the same column in any terminal. */
function indentTo(prefix: string): string {
  return [...prefix].map((character) => (character === '\t' ? '\t' : ' ')).join('');
}

/** Control characters would let a policy file write to the reader's terminal. */
function printable(line: string): string {
  return line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** Lines for a person: position and message, source line, caret, hint. */
export function renderDiagnostic(source: Source, diagnostic: Diagnostic): readonly string[] {
  const { text } = source;
  const { name, line, column } = placeOf(source, diagnostic.start);
  const from = lineStart(text, diagnostic.start);
  const end = text.indexOf('\n', diagnostic.start);
  const to = end < 0 ? text.length : end;
  const marked = text.slice(diagnostic.start, Math.min(to, diagnostic.start + diagnostic.length));
  const carets = '^'.repeat(Math.max(1, [...marked.trimEnd()].length));
  return [
    `${name}:${line}:${column}: ${printable(diagnostic.message)}`,
    `    ${printable(text.slice(from, to).trimEnd())}`,
    `    ${indentTo(text.slice(from, diagnostic.start))}${carets}`,
    ...(diagnostic.hint === undefined ? [] : [`    hint: ${printable(diagnostic.hint)}`]),
  ];
}
