// A finding about a piece of policy text, and how it is shown: file, line and column, the line itself, a caret, a hint.

export interface Source {
  readonly name: string;
  readonly text: string;
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

/** Where something stands, as messages say it; the column only when it is not the first. */
export function placeName(source: Source, offset: number): string {
  const { line, column } = positionOf(source.text, offset);
  return `${source.name}:${line}${column === 1 ? '' : `:${column}`}`;
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
  const { line, column } = positionOf(text, diagnostic.start);
  const from = lineStart(text, diagnostic.start);
  const end = text.indexOf('\n', diagnostic.start);
  const to = end < 0 ? text.length : end;
  const marked = text.slice(diagnostic.start, Math.min(to, diagnostic.start + diagnostic.length));
  const carets = '^'.repeat(Math.max(1, [...marked.trimEnd()].length));
  return [
    `${source.name}:${line}:${column}: ${printable(diagnostic.message)}`,
    `    ${printable(text.slice(from, to).trimEnd())}`,
    `    ${indentTo(text.slice(from, diagnostic.start))}${carets}`,
    ...(diagnostic.hint === undefined ? [] : [`    hint: ${printable(diagnostic.hint)}`]),
  ];
}
