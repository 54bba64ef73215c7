// A finding about a piece of policy text, and how it is shown: file, line and column, the line itself, a caret, a hint.
import { UNSEEN } from '../../schema/printable.ts';

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

/** Line breaks before the beginning of a section. */
function breaksBefore(text: string, offset: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

interface Mark extends Position {
  readonly text: string;
  readonly offset: number;
}

/** Where the last question ended: questions come in the order of the text, and each from the start would cost the square of its length. */
let last: Mark = { text: '', offset: 0, line: 1, column: 1 };

function advance({ text, offset, ...from }: Mark, to: number): Mark {
  let { line, column } = from;
  for (let at = offset; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x0a) [line, column] = [line + 1, 1];
    // The second half of a surrogate pair is no character of its own.
    else if (unit < 0xdc00 || unit > 0xdfff) column += 1;
  }
  return { text, offset: to, line, column };
}

export function positionOf(text: string, offset: number): Position {
  const isAhead = last.text === text && last.offset <= offset;
  last = advance(isAhead ? last : { text, offset: 0, line: 1, column: 1 }, Math.min(offset, text.length));
  return { line: last.line, column: last.column };
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

const UNPRINTABLE = new RegExp(String.raw`(?![\n\t])[${UNSEEN}]`, 'gu');

/** Control characters would let a policy file write to the reader's terminal. */
function printable(line: string): string {
  return line.replace(UNPRINTABLE, ({ length }) => '\ufffd'.repeat(length));
}

/** UTF-16 units of a source line that are shown before and after what is marked. */
const MOST_BEFORE = 100;
const MOST_AFTER = 160;

/** The part of the line around a mark, so that a line of a megabyte is not repeated with each of its faults. */
function excerptOf(
  text: string,
  { start, length }: Diagnostic,
): { readonly before: string; readonly marked: string; readonly after: string } {
  const from = lineStart(text, start);
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  const first = start - from > MOST_BEFORE ? start - MOST_BEFORE : from;
  const most = Math.min(end, start + MOST_AFTER);
  const markEnd = Math.min(most, start + length);
  return {
    before: `${first === from ? '' : '…'}${text.slice(first, start)}`,
    marked: text.slice(start, markEnd),
    after: `${text.slice(markEnd, most)}${most === end ? '' : '…'}`,
  };
}

/** Lines for a person: position and message, source line, caret, hint. */
export function renderDiagnostic(source: Source, diagnostic: Diagnostic): readonly string[] {
  const { text } = source;
  const { name, line, column } = placeOf(source, diagnostic.start);
  const { before, marked, after } = excerptOf(text, diagnostic);
  const carets = '^'.repeat(Math.max(1, [...marked.trimEnd()].length));
  return [
    `${name}:${line}:${column}: ${printable(diagnostic.message)}`,
    `    ${printable(`${before}${marked}${after}`.trimEnd())}`,
    `    ${indentTo(before)}${carets}`,
    ...(diagnostic.hint === undefined ? [] : [`    hint: ${printable(diagnostic.hint)}`]),
  ];
}
