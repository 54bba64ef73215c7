// Policy text to statements, each with what must be known about it before the Cedar parser may see it.
import { type Token, tokenize } from './lexer.ts';

/** A statement as a piece of its source. */
export interface Piece {
  /** UTF-16 offset of the first token in the source. */
  readonly start: number;
  readonly text: string;
}

export interface Statement extends Piece {
  /** Without spaces and comments; offsets are those of the source. */
  readonly tokens: readonly Token[];
}

/** What bounds statements, and what may hide it: strings and comments. Everything between is one match. */
const COARSE_TOKEN = /"(?:[^"\\]|\\[\s\S])*"|\/\/[^\r\n]*|[^"/;()[\]{}]+|[\s\S]/g;

/** A statement ends with a `;` outside all brackets; an unfinished last one is returned too. */
export function splitPieces(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let start: number | undefined;
  let end = 0;
  let depth = 0;
  const finish = (): void => {
    if (start !== undefined) pieces.push({ start, text: source.slice(start, end) });
    start = undefined;
    depth = 0;
  };
  for (const { 0: text, index } of source.matchAll(COARSE_TOKEN)) {
    if (text.startsWith('//')) continue;
    const visible = text.trim();
    if (visible === '') continue;
    start ??= index + text.indexOf(visible);
    end = index + text.trimEnd().length;
    if (text === '(' || text === '[' || text === '{') depth++;
    else if (text === ')' || text === ']' || text === '}') depth--;
    else if (text === ';' && depth <= 0) finish();
  }
  finish();
  return pieces;
}

/** The tokens of a piece: it begins and ends where tokens do. */
export function readStatement({ start, text }: Piece): Statement {
  const tokens = tokenize(text)
    .filter(({ kind }) => kind !== 'space' && kind !== 'comment')
    .map((token) => ({ ...token, start: token.start + start }));
  return { start, text, tokens };
}

export function splitStatements(source: string): readonly Statement[] {
  return splitPieces(source).map(readStatement);
}

/** +1 for an opening bracket, -1 for a closing one. */
export function bracketStep(token: Token): number {
  if (token.kind !== 'punctuation') return 0;
  if ('([{'.includes(token.text)) return 1;
  return ')]}'.includes(token.text) ? -1 : 0;
}
