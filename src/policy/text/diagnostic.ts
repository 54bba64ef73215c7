// A finding about a piece of policy text, and how it is shown: file, line and column, the line itself, a caret, a hint.

/** A text that was joined to others, by the offset where it begins: the beginning of a line. */
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

/** Offsets of the line breaks of the text asked about last: a whole text's statements are asked about one after another. */
let indexed: { readonly text: string; readonly breaks: readonly number[] } = { text: '', breaks: [] };

function lineBreaks(text: string): readonly number[] {
  if (indexed.text !== text) {
    const breaks: number[] = [];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks.push(at);
    indexed = { text, breaks };
  }
  return indexed.breaks;
}

/** Line breaks before an offset. */
function breaksBefore(text: string, offset: number): number {
  const breaks = lineBreaks(text);
  let [low, high] = [0, breaks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (breaks[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function positionOf(text: string, offset: number): Position {
  const column = [...text.slice(lineStart(text, offset), offset)].length + 1;
  return { line: breaksBefore(text, offset) + 1, column };
}

export interface Place extends Position {
  readonly name: string;
}

/** The text that an offset lies in, and the position in it. */
export function placeOf({ name, text, sections = [] }: Source, offset: number): Place {
  const section = sections.findLast(({ start }) => start <= offset) ?? { name, start: 0 };
  const { line, column } = positionOf(text, offset);
  return { name: section.name, line: line - breaksBefore(text, section.start), column };
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
