// Cedar text to tokens, losslessly: joined again they are the text.

export type TokenKind = 'space' | 'comment' | 'string' | 'name' | 'number' | 'punctuation';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** UTF-16 offset in the source. */
  readonly start: number;
}

const TOKEN =
  /(?<space>\s+)|(?<comment>\/\/[^\r\n]*)|(?<string>"(?:[^"\\]|\\[\s\S])*")|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<number>\d+)|(?<punctuation>::|==|!=|<=|>=|&&|\|\||[\s\S])/gu;

/** Text that is no Cedar at all still has tokens; the parser reports it. */
export function tokenize(source: string): readonly Token[] {
  return Array.from(source.matchAll(TOKEN), (match) => {
    const groups = match.groups as Record<TokenKind, string | undefined>;
    const kinds: readonly TokenKind[] = ['space', 'comment', 'string', 'name', 'number'];
    const kind = kinds.find((name) => groups[name] !== undefined) ?? 'punctuation';
    return { kind, text: match[0], start: match.index };
  });
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '*': '*',
};

/** The value of a string token; undefined for an escape that Cedar does not know either. */
export function unescapeString(token: string): string | undefined {
  let valid = true;
  const value = token
    .slice(1, -1)
    .replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|x([0-7][0-9a-fA-F])|([\s\S]))/g, (_, unicode, hex, simple) => {
      const code = Number.parseInt(unicode ?? hex ?? '', 16);
      if (Number.isNaN(code)) {
        valid &&= SIMPLE_ESCAPES[simple] !== undefined;
        return SIMPLE_ESCAPES[simple] ?? '';
      }
      valid &&= code <= 0x10ffff;
      return valid ? String.fromCodePoint(code) : '';
    });
  return valid ? value : undefined;
}
