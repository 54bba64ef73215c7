// Policy text to statements, each with what must be known about it before the Cedar parser may see it.
import { type Token, tokenize } from './lexer.ts';

export interface Statement {
  /** UTF-16 offset of the first token in the source. */
  readonly start: number;
  readonly text: string;
  /** Without spaces and comments; offsets are those of the source. */
  readonly tokens: readonly Token[];
}

function isSignificant(token: Token): boolean {
  return token.kind !== 'space' && token.kind !== 'comment';
}

/** A statement ends with a `;` outside all brackets; an unfinished last one is returned too. */
export function splitStatements(source: string): readonly Statement[] {
  const statements: Statement[] = [];
  let tokens: Token[] = [];
  let depth = 0;
  const finish = (): void => {
    const [first] = tokens;
    const last = tokens.at(-1);
    if (first !== undefined && last !== undefined) {
      const text = source.slice(first.start, last.start + last.text.length);
      statements.push({ start: first.start, text, tokens });
    }
    tokens = [];
    depth = 0;
  };
  for (const token of tokenize(source).filter(isSignificant)) {
    tokens.push(token);
    depth += bracketStep(token);
    if (token.text === ';' && depth <= 0) finish();
  }
  finish();
  return statements;
}

/** +1 for an opening bracket, -1 for a closing one. */
export function bracketStep(token: Token): number {
  if (token.kind !== 'punctuation') return 0;
  if ('([{'.includes(token.text)) return 1;
  return ')]}'.includes(token.text) ? -1 : 0;
}
